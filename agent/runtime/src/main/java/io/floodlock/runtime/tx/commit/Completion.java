package io.floodlock.runtime.tx.commit;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CommitGuard;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.thread.StackRoom;
import io.floodlock.runtime.tx.database.Database;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.dialect.DatabaseFacts;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.transaction.Branch;
import io.floodlock.runtime.tx.transaction.LiveTransactions;
import io.floodlock.runtime.tx.transaction.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions: commits them in two phases, or rolls them back. The decision is stored in one of the databases
 * that take part, the primary, whose branch is never prepared:
 *
 * <pre>
 * 1  PREPARE every other branch; in parallel from two
 * 2  on the primary, in one message: INSERT the row (gid, C, branches) and COMMIT       = the decision
 * 3  COMMIT PREPARED the others; in parallel from two
 * </pre>
 *
 * <ul>
 *   <li>Any failure before 2 rolls everything back. Recovery finishes a branch whose PREPARE may or may not have
 *       happened.
 *   <li>When 2 failed and the server did not say that it rolled back, the outcome is open. Then the row is read over
 *       another connection, by inserting the tombstone (gid, A): if the insert succeeds, C can never be inserted.
 *       Without an answer the outcome is reported as unknown, and recovery settles it.
 *   <li>A failure in 3 changes nothing, as the transaction is decided. After {@link #PHASE_2_MILLIS} recovery takes
 *       over the branch.
 *   <li>A host that slept through its deadline finds the tombstone of another JVM: its own INSERT fails, and the
 *       primary's work rolls back with it.
 * </ul>
 *
 * <p>Less is done where less is enough. A single branch commits in one phase, and so does the only branch that wrote. A
 * branch that only read is left out of the decision if its server agrees. It is committed after the decision and not
 * rolled back, as a view or an operator may have called code that queues a NOTIFY, which no server reports. Locks and
 * deadline are checked before 1 and again before 2, and never after.
 *
 * <p>A connection returns to the application only if the server has answered, for its branch, that the transaction on
 * it has ended ({@link Branch#leave}). In all other cases, above all an Error or a refused thread, it is aborted:
 * setting its commit mode, or closing it, could commit what is still open on it.
 *
 * <p>{@code Transactions} calls {@link #commit} and {@link #rollback} on the thread that began the transaction. Read
 * {@link Resolver} next for the lost reply of 2.
 */
public final class Completion {

    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);

    static final int PHASE_2_MILLIS = 2_000;

    /**
     * The stack that the end of a transaction needs, in bytes, with a margin of several times. A driver that overflows
     * the stack in the middle of a message leaves a connection in an unknown state. The stack of a thread is full here
     * where the application catches its own StackOverflowError, or throws one out of its method.
     */
    private static final int END_BYTES = 60_000;

    private static final int LEAST_MILLIS = 1_000;

    private final String namespace;
    private final Optional<String> home;
    private final Optional<String> homeOfQueues;
    private final Databases databases;
    private final Events events;
    private final CommitGuard guard;
    private final Resolver resolver;
    private final Executor beside;
    private final BranchFanOut fanOut;
    private final LiveTransactions live;
    private final Runnable wakeRecovery;

    public Completion(
            String namespace,
            Optional<String> home,
            Optional<String> homeOfQueues,
            Databases databases,
            Events events,
            CommitGuard guard,
            Resolver resolver,
            Executor beside,
            LiveTransactions live,
            Runnable wakeRecovery) {
        this.namespace = namespace;
        this.home = home;
        this.homeOfQueues = homeOfQueues;
        this.databases = databases;
        this.events = events;
        this.guard = guard;
        this.resolver = resolver;
        this.beside = beside;
        this.fanOut = new BranchFanOut(beside);
        this.live = live;
        this.wakeRecovery = wakeRecovery;
    }

    /**
     * Commits a transaction, or rolls it back if it can't commit.
     *
     * @throws FloodlockFailure unless it is committed everywhere, now or as soon as recovery reaches the missing
     *     branches: TRANSACTION_ROLLED_BACK, TRANSACTION_OUTCOME_UNKNOWN, or the failure of a lost lock, after which it
     *     is rolled back
     */
    public void commit(Transaction transaction) {
        if (transaction.branches().isEmpty()) {
            FloodlockFailure refusal = transaction.refusal();
            if (refusal != null) {
                throw refusal;
            }
            return;
        }
        if (!StackRoom.has(END_BYTES)) {
            transaction.doom("the stack of its thread was full when its method ended", null);
            rollback(transaction);
            throw transaction.refusal();
        }
        end(transaction, () -> commitOrGiveUp(transaction));
    }

    private void commitOrGiveUp(Transaction transaction) {
        try {
            tryCommit(transaction);
        } catch (SQLException e) {
            giveUp(transaction);
            throw transaction.rolledBack("a database failed: " + e.getMessage(), e);
        } catch (FloodlockFailure e) {
            giveUp(transaction);
            throw e;
        } catch (RuntimeException | Error e) {
            giveUp(transaction);
            if (transaction.deciding()) {
                throw Failure.TRANSACTION_OUTCOME_UNKNOWN.because(
                        transaction.site() + ": " + e + " during the COMMIT of transaction " + transaction.id()
                                + ": it has committed or will be rolled back, everywhere, and recovery completes it;"
                                + " check the data before a retry",
                        e);
            }
            throw e;
        }
    }

    /** Rolls back every branch. A failure leaves the branch to recovery, or its connection is aborted. */
    public void rollback(Transaction transaction) {
        if (StackRoom.has(END_BYTES)) {
            end(transaction, () -> rollBackAll(transaction));
        } else {
            CompletableFuture.runAsync(() -> end(transaction, () -> rollBackAll(transaction)), beside)
                    .join();
        }
    }

    private void end(Transaction transaction, Runnable step) {
        // on a virtual thread a driver would take an interrupt for a broken connection, and the outcome would be
        // unknown
        boolean interrupted = Thread.interrupted();
        DriverCallDepth.enter();
        try {
            step.run();
        } finally {
            transaction.branches().forEach(Branch::leave);
            DriverCallDepth.leave();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void giveUp(Transaction transaction) {
        if (transaction.deciding()) {
            transaction.branches().forEach(Branch::abandon);
            wakeRecovery.run();
        } else {
            rollBackAll(transaction);
        }
    }

    private void verify(Transaction transaction) {
        guard.verify();
        FloodlockFailure refusal = transaction.refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    private void tryCommit(Transaction transaction) throws SQLException {
        verify(transaction);
        for (Branch branch : transaction.branches()) {
            branch.claimBeforeEnd();
        }
        for (Branch branch : transaction.branches()) {
            SQLException poison = branch.caughtError();
            if (poison != null) {
                throw transaction.rolledBack(
                        "the method caught an error of " + branch.database().name()
                                + ", after which " + branch.database().dialect().product()
                                + " rolls back (set a savepoint before a statement that may fail): "
                                + poison.getMessage(),
                        poison);
            }
        }
        transaction.endWork();
        if (transaction.hasLast()) {
            Branch host = host(transaction);
            transaction.doLast(host, new HomeDatabase(databases, host.database()));
        }
        List<Branch> writers = new ArrayList<>(transaction.branches());
        writers.removeIf(Branch::untouched);
        if (writers.size() > 1 && writers.stream().anyMatch(Branch::looksReadOnly)) {
            for (Branch branch : List.copyOf(writers)) {
                if (branch.looksReadOnly() && branch.readOnly()) {
                    writers.remove(branch);
                }
            }
        }
        if (writers.size() == 1) {
            commitOnePhase(transaction, writers.get(0));
        } else if (writers.size() > 1) {
            commitTwoPhase(transaction, writers);
        }
        for (Branch branch : transaction.branches()) {
            if (!writers.contains(branch)) {
                commitReader(transaction, branch);
            }
        }
    }

    /**
     * Commits a branch that only read. A failure does not change the decision, but loses a NOTIFY that a view or
     * operator queued on the branch.
     */
    private void commitReader(Transaction transaction, Branch branch) {
        try {
            branch.commitRead(PHASE_2_MILLIS);
        } catch (SQLException | RuntimeException | Error e) {
            branch.abandon();
            LOG.warn(
                    "{}: transaction {} is committed, but its read-only branch on {} could not commit: {}; a NOTIFY"
                            + " that a view or function queued there is lost",
                    transaction.site(),
                    transaction.id(),
                    branch.database().name(),
                    e.getMessage());
        }
    }

    private void commitOnePhase(Transaction transaction, Branch only) throws SQLException {
        try {
            only.commitAlone(Math.max(LEAST_MILLIS, transaction.restMillis()));
        } catch (SQLException e) {
            if (!transaction.deciding() || only.database().dialect().isRolledBack(e)) {
                transaction.deciding(false);
                throw transaction.rolledBack(only.database().name() + " refused to commit: " + e.getMessage(), e);
            }
            throw Failure.TRANSACTION_OUTCOME_UNKNOWN.because(
                    transaction.site() + ": COMMIT of transaction " + transaction.id() + " on "
                            + only.database().name() + " got no certain answer (" + e.getMessage()
                            + "): it may or may not have committed, and only the data show it; check them before"
                            + " a retry",
                    e);
        }
    }

    private void commitTwoPhase(Transaction transaction, List<Branch> writers) throws SQLException {
        Branch primary = primary(transaction, writers);
        DatabaseFacts host = primary.database().facts();
        Gid gid = gid(transaction, host);
        List<Branch> others = new ArrayList<>(writers);
        others.remove(primary);
        prepareAll(transaction, others, gid);
        verify(transaction);
        decide(transaction, primary, host, gid, others);
        fanOut.take(others, this::commitPrepared);
    }

    /** The name of a transaction that is decided there. */
    public Gid gid(Transaction transaction, DatabaseFacts host) {
        return new Gid(namespace, host.id(), transaction.id(), transaction.timeoutMillis());
    }

    /** Chooses the branch of what the transaction does last. */
    private Branch host(Transaction transaction) {
        return transaction.home() != null
                ? transaction.home()
                : best(transaction, transaction.branches(), homeOfQueues);
    }

    /** Chooses the branch that hosts the decision: that of the agent's own work, or the best that has written. */
    private Branch primary(Transaction transaction, List<Branch> writers) {
        return best(transaction, transaction.home() == null ? writers : List.of(transaction.home()), home);
    }

    /**
     * The best host: the named one if it takes part; else a database that can host but not prepare; else the
     * first one that can host.
     */
    private static Branch best(Transaction transaction, List<Branch> writers, Optional<String> named) {
        Branch best = null;
        int bestRank = 0;
        for (Branch branch : writers) {
            Database database = branch.database();
            if (database.whyNoHost() != null) {
                continue;
            }
            int rank = named.filter(database::isCalled).isPresent() ? 3 : database.canPrepare() ? 1 : 2;
            if (rank > bestRank) {
                best = branch;
                bestRank = rank;
            }
        }
        if (best == null) {
            writers.forEach(branch -> branch.database().lookAgain());
            throw transaction.rolledBack(
                    "no database that the transaction used can hold its decision: "
                            + writers.stream()
                                    .map(branch -> branch.database().whyNoHost())
                                    .collect(Collectors.joining(" Or: ")),
                    null);
        }
        return best;
    }

    // ---- 1

    private void prepareAll(Transaction transaction, List<Branch> others, Gid gid) {
        for (Branch branch : others) {
            branch.name(gid);
        }
        fanOut.take(others, branch -> prepare(transaction, branch));
    }

    private void prepare(Transaction transaction, Branch branch) {
        try {
            branch.prepare(Math.max(LEAST_MILLIS, transaction.restMillis()));
        } catch (SQLException e) {
            throw transaction.rolledBack(
                    branch.database().name() + " can't prepare: "
                            + branch.database()
                                    .dialect()
                                    .whyNotPrepared(
                                            e,
                                            branch.database().name(),
                                            branch.database().recoverer())
                            + transaction.apart(),
                    e);
        }
    }

    // ---- 2

    private void decide(Transaction transaction, Branch primary, DatabaseFacts host, Gid gid, List<Branch> others) {
        String branches = others.stream().map(branch -> branch.name().branch()).collect(Collectors.joining(","));
        try {
            primary.decide(host, gid, branches, Math.max(LEAST_MILLIS, transaction.restMillis()));
        } catch (SQLException e) {
            if (primary.database().dialect().isRolledBack(e)) {
                transaction.deciding(false);
                if (primary.database().dialect().isTableGone(e)) {
                    primary.database().tableGone();
                }
                throw transaction.rolledBack(
                        primary.database().name() + " refused to commit: "
                                + primary.database().dialect().whyNotDecided(e, host) + transaction.apart(),
                        e);
            }
            primary.abandon();
            settle(transaction, primary, gid, e);
        }
    }

    private void settle(Transaction transaction, Branch primary, Gid gid, SQLException lost) {
        switch (resolver.resolve(primary.database(), gid)) {
            case COMMITTED ->
                LOG.info("{}: the reply to its COMMIT was lost; its decision row says committed", gid.text());
            case ABORTED -> {
                transaction.deciding(false);
                throw transaction.rolledBack(
                        "the connection to " + primary.database().name() + " was lost at COMMIT: " + lost.getMessage(),
                        lost);
            }
            case UNKNOWN ->
                throw Failure.TRANSACTION_OUTCOME_UNKNOWN.because(
                        transaction.site() + ": COMMIT of transaction " + gid.text() + " got no certain answer ("
                                + lost.getMessage() + "), and "
                                + primary.database().name()
                                + ", which holds the decision, can't be reached: it has committed"
                                + " everywhere or will be rolled back everywhere, and recovery completes it as soon as"
                                + " that database answers",
                        lost);
        }
    }

    // ---- 3

    private void commitPrepared(Branch branch) {
        try {
            branch.commitPrepared(PHASE_2_MILLIS);
        } catch (SQLException | RuntimeException | Error e) {
            branch.abandon();
            LOG.warn(
                    "{} is committed, but COMMIT PREPARED on {} failed; recovery will repeat it: {}",
                    branch.name().gid().text(),
                    branch.database().name(),
                    e.getMessage());
            events.branchInDoubt(branch.name().gid().text(), branch.name().branch());
            wakeRecovery.run();
        }
    }

    // ---- rolling back

    private void rollBackAll(Transaction transaction) {
        fanOut.take(transaction.branches(), branch -> rollBack(transaction, branch));
    }

    private void rollBack(Transaction transaction, Branch branch) {
        if (branch.inDoubt()) {
            return;
        }
        try {
            branch.rollBack(PHASE_2_MILLIS);
        } catch (SQLException | RuntimeException | Error e) {
            branch.abandon();
            if (branch.name() != null) {
                live.giveUp(transaction);
                wakeRecovery.run();
            }
        }
    }
}
