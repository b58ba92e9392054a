package io.floodlock.runtime.tx;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CommitGuard;
import io.floodlock.runtime.jdbc.Nesting;
import io.floodlock.runtime.jdbc.TrackedConnection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions. The decision lives in one of the databases that take part, the primary, which is never prepared:
 *
 * <pre>
 * 1  PREPARE every other branch; in parallel from two
 * 2  on the primary, in one message: INSERT the row (gid, C, branches) and COMMIT       = the decision
 * 3  COMMIT PREPARED the others; in parallel from two
 * </pre>
 *
 * <ul>
 *   <li>Any failure before 2 rolls everything back; a branch whose PREPARE may or may not have happened is recovery's.
 *   <li>When 2 failed and the server did not say that it rolled back, nobody knows. Then the row is asked for, over another
 *       connection, by inserting the tombstone (gid, A): that the insert succeeds means that C never will. Unanswered, the
 *       outcome is told as unknown, and recovery settles it.
 *   <li>A failure in 3 changes nothing: it is decided. After {@link #PHASE_2_MILLIS} recovery owns the branch.
 *   <li>A host that slept through its deadline finds the tombstone of others: its own INSERT fails and takes its work along.
 * </ul>
 *
 * Less is done where less is enough: one branch commits in one phase, as does a single one that wrote; one that only read is
 * left out if its server agrees. Locks and deadline are looked at before 1 and again before 2, and never after.
 */
final class Completion {

    private static final Logger LOG = LoggerFactory.getLogger(Completion.class);

    static final int PHASE_2_MILLIS = 2_000;
    private static final int LEAST_MILLIS = 1_000;

    private final String namespace;
    private final Optional<String> home;
    private final Events events;
    private final CommitGuard guard;
    private final Resolver resolver;
    private final EachBranch each;
    private final LiveTransactions live;
    private final Runnable wakeRecovery;

    Completion(
            String namespace,
            Optional<String> home,
            Events events,
            CommitGuard guard,
            Resolver resolver,
            Executor parallel,
            LiveTransactions live,
            Runnable wakeRecovery) {
        this.namespace = namespace;
        this.home = home;
        this.events = events;
        this.guard = guard;
        this.resolver = resolver;
        this.each = new EachBranch(parallel);
        this.live = live;
        this.wakeRecovery = wakeRecovery;
    }

    /** @throws FloodlockFailure unless it is committed everywhere, now or as soon as recovery reaches what is missing */
    void commit(Transaction transaction) {
        if (transaction.branches().isEmpty()) {
            FloodlockFailure refusal = transaction.refusal();
            if (refusal != null) {
                throw refusal;
            }
            return;
        }
        // a driver would take it for a broken connection, on a virtual thread, and the outcome would be unknown for
        // nothing
        boolean interrupted = Thread.interrupted();
        Nesting.enter();
        try {
            tryCommit(transaction);
        } catch (SQLException e) {
            giveUp(transaction);
            throw Refusal.rolledBack(transaction, "a database failed: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            giveUp(transaction);
            throw e;
        } finally {
            leave(transaction);
            Nesting.leave();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void rollback(Transaction transaction) {
        Nesting.enter();
        try {
            rollBackAll(transaction);
        } finally {
            leave(transaction);
            Nesting.leave();
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
        List<Branch> writers = new ArrayList<>(transaction.branches().size());
        for (Branch branch : transaction.branches()) {
            SQLException poison = branch.poison();
            if (poison != null) {
                throw Refusal.rolledBack(
                        transaction,
                        "the method caught an error of " + branch.database().name()
                                + ", after which PostgreSQL rolls back (a savepoint before the statement would help): "
                                + poison.getMessage(),
                        poison);
            }
            if (!branch.untouched()) {
                writers.add(branch);
            }
        }
        if (writers.size() > 1 && writers.stream().anyMatch(Branch::looksReadOnly)) {
            for (Branch branch : List.copyOf(writers)) {
                if (branch.looksReadOnly() && Postgres.readOnly(branch.physical())) {
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
                rollBack(branch);
            }
        }
    }

    private void commitOnePhase(Transaction transaction, Branch only) throws SQLException {
        only.limit(Math.max(LEAST_MILLIS, transaction.restMillis()));
        try {
            if (only.markOrNull() != null && !Postgres.sameMark(only.physical(), only.markOrNull())) {
                throw Refusal.rolledBack(
                        transaction,
                        "SQL text ended the transaction on " + only.database().name(),
                        null);
            }
            transaction.deciding(true);
            only.physical().commit();
        } catch (SQLException e) {
            if (!transaction.deciding() || Postgres.saysRolledBack(e)) {
                transaction.deciding(false);
                throw Refusal.rolledBack(
                        transaction, only.database().name() + " refused to commit: " + e.getMessage(), e);
            }
            throw Failure.TRANSACTION_OUTCOME_UNKNOWN.because(
                    transaction.site() + ": the reply to COMMIT of transaction " + transaction.id() + " on "
                            + only.database().name()
                            + " was lost: it has committed or it has not, and only its data tell;"
                            + " look before trying again",
                    e);
        }
        only.unlimit();
    }

    private void commitTwoPhase(Transaction transaction, List<Branch> writers) throws SQLException {
        Branch primary = primary(transaction, writers);
        Gid gid = new Gid(namespace, primary.database().id(), transaction.id(), transaction.timeoutMillis());
        List<Branch> others = new ArrayList<>(writers);
        others.remove(primary);
        prepareAll(transaction, others, gid);
        verify(transaction);
        decide(transaction, primary, gid, others);
        each.take(others, this::commitPrepared);
    }

    /** The configured home if it takes part; else the first that can host, first of all one that can't prepare. */
    private Branch primary(Transaction transaction, List<Branch> writers) {
        Branch best = null;
        int bestRank = 0;
        for (Branch branch : writers) {
            Database database = branch.database();
            if (database.whyNoHost() != null) {
                continue;
            }
            int rank = home.filter(database::isCalled).isPresent() ? 3 : database.canPrepare() ? 1 : 2;
            if (rank > bestRank) {
                best = branch;
                bestRank = rank;
            }
        }
        if (best == null) {
            writers.forEach(branch -> branch.database().lookAgain());
            throw Refusal.rolledBack(
                    transaction,
                    "no database that it wrote to can hold its decision: "
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
        each.take(others, branch -> prepare(transaction, branch));
    }

    private void prepare(Transaction transaction, Branch branch) {
        try {
            branch.limit(Math.max(LEAST_MILLIS, transaction.restMillis()));
            Postgres.prepare(branch.physical(), branch.name().text(), branch.markOrNull());
            branch.physical().setAutoCommit(true);
            branch.unlimit();
        } catch (SQLException e) {
            throw Refusal.rolledBack(
                    transaction, branch.database().name() + " can't prepare: " + Refusal.ofPrepare(e), e);
        }
    }

    // ---- 2

    private void decide(Transaction transaction, Branch primary, Gid gid, List<Branch> others) {
        String branches = others.stream().map(branch -> branch.name().branch()).collect(Collectors.joining(","));
        try {
            primary.limit(Math.max(LEAST_MILLIS, transaction.restMillis()));
            transaction.deciding(true);
            Postgres.decide(primary.physical(), primary.database(), gid, branches, primary.markOrNull());
        } catch (SQLException e) {
            if (Postgres.saysRolledBack(e)) {
                transaction.deciding(false);
                throw Refusal.rolledBack(
                        transaction, primary.database().name() + " refused to commit: " + Refusal.ofDecision(e), e);
            }
            primary.abandon();
            settle(transaction, primary, gid, e);
            return;
        }
        primary.unlimit();
    }

    private void settle(Transaction transaction, Branch primary, Gid gid, SQLException lost) {
        switch (resolver.resolve(primary.database(), gid)) {
            case COMMITTED -> LOG.info("{}: the reply to its COMMIT was lost; its row says committed", gid.text());
            case ABORTED -> {
                transaction.deciding(false);
                throw Refusal.rolledBack(
                        transaction, "the connection to " + primary.database().name() + " was lost at COMMIT", lost);
            }
            case UNKNOWN ->
                throw Failure.TRANSACTION_OUTCOME_UNKNOWN.because(
                        transaction.site() + ": the reply to COMMIT of transaction " + gid.text() + " was lost, and "
                                + primary.database().name()
                                + ", which holds the decision, can't be asked: it has committed"
                                + " everywhere or will be rolled back everywhere, and recovery sees to it as soon as it answers",
                        lost);
        }
    }

    // ---- 3

    private void commitPrepared(Branch branch) {
        try {
            branch.limit(PHASE_2_MILLIS);
            Postgres.finish(branch.physical(), branch.name().text(), true);
            branch.unlimit();
        } catch (SQLException | RuntimeException e) {
            branch.abandon();
            LOG.warn(
                    "{} is committed, but {} has not been told; recovery will do it: {}",
                    branch.name().gid().text(),
                    branch.database().name(),
                    e.getMessage());
            events.branchInDoubt(branch.name().gid().text(), branch.name().branch());
            wakeRecovery.run();
        }
    }

    // ---- rolling back

    private void rollBackAll(Transaction transaction) {
        each.take(transaction.branches(), this::rollBack);
    }

    private void rollBack(Branch branch) {
        if (branch.inDoubt()) {
            return;
        }
        try {
            branch.limit(PHASE_2_MILLIS);
            if (branch.name() == null || !branch.physical().getAutoCommit()) {
                branch.physical().rollback();
            }
            if (branch.name() != null) {
                branch.physical().setAutoCommit(true);
                Postgres.finish(branch.physical(), branch.name().text(), false);
            }
            branch.unlimit();
        } catch (SQLException | RuntimeException e) {
            branch.abandon();
            if (branch.name() != null) {
                live.giveUp(branch.transaction());
                wakeRecovery.run();
            }
        }
    }

    /** Gives the connections back to the application, and a broken one's pool a chance to see that it is. */
    private static void leave(Transaction transaction) {
        for (Branch branch : transaction.branches()) {
            branch.evictIfAbandoned();
            branch.ended();
            for (TrackedConnection handle : branch.handles()) {
                try {
                    handle.leave();
                } catch (SQLException e) {
                    LOG.debug(
                            "a connection to {} was not given back cleanly",
                            branch.database().name(),
                            e);
                }
            }
        }
    }
}
