package io.floodlock.runtime.tx.engine;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.fence.CommitGuard;
import io.floodlock.runtime.fence.Fence;
import io.floodlock.runtime.jdbc.ConnectionHooks;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.jdbc.HandleBelow;
import io.floodlock.runtime.jdbc.HandleFactory;
import io.floodlock.runtime.jdbc.SessionRead;
import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.DriverCallDepth;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.OpenTransaction;
import io.floodlock.runtime.lock.OpenTransactions;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.runtime.tx.CommitWork;
import io.floodlock.runtime.tx.HomeWork;
import io.floodlock.runtime.tx.TxAttributes;
import io.floodlock.runtime.tx.TxEngine;
import io.floodlock.runtime.tx.TxHome;
import io.floodlock.runtime.tx.TxPropagation;
import io.floodlock.runtime.tx.TxScope;
import io.floodlock.runtime.tx.commit.Completion;
import io.floodlock.runtime.tx.commit.Resolver;
import io.floodlock.runtime.tx.database.Databases;
import io.floodlock.runtime.tx.database.KnownSessions;
import io.floodlock.runtime.tx.database.PoolInternal;
import io.floodlock.runtime.tx.name.Gid;
import io.floodlock.runtime.tx.recovery.DecisionCleanup;
import io.floodlock.runtime.tx.recovery.Recovery;
import io.floodlock.runtime.tx.recovery.RecoveryTiming;
import io.floodlock.runtime.tx.recovery.Sweep;
import io.floodlock.runtime.tx.recovery.SweepConnections;
import io.floodlock.runtime.tx.recovery.SweepReport;
import io.floodlock.runtime.tx.transaction.Branch;
import io.floodlock.runtime.tx.transaction.Enlister;
import io.floodlock.runtime.tx.transaction.LiveTransactions;
import io.floodlock.runtime.tx.transaction.RollbackRules;
import io.floodlock.runtime.tx.transaction.SourceCalls;
import io.floodlock.runtime.tx.transaction.Transaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * The engine of distributed transactions: it opens and ends them around methods and makes connections part of them. The
 * transaction of a thread is kept in a thread-local; branches, decision and recovery are in the other packages of
 * {@code tx}. Works without Redis, and starts no thread before the first transaction or {@link #recover()}.
 * Thread-safe.
 *
 * <p>Callers: woven methods call {@link #enter}, woven DataSources call {@link #reuse} before and {@link #wrap} after
 * {@code getConnection()}, connections call the hooks, and the lock engine calls {@link #ofThread} as scopes open and
 * close. Read {@link Enlister} next for the way in, and {@link Completion} for the end.
 */
public final class Transactions implements TxEngine, OpenTransactions {

    private static final Duration LONGEST = Duration.ofMinutes(50);

    private final ThreadLocal<Transaction> current = new ThreadLocal<>();
    private final CommitGuard guard;
    private final Fence fence;
    private final Databases databases = new Databases();
    private final KnownSessions knownSessions = new KnownSessions();
    private final LiveTransactions live;
    private final Enlister enlister;
    private final Completion completion;
    private final Recovery recovery;
    private final Homes homes;
    private final LocalCommits localCommits = new LocalCommits(databases);
    private final ConnectionHooks hooks = new Hooks();

    /**
     * @param locks returns null as long as this JVM has taken no lock
     * @throws IllegalArgumentException if the namespace can't be part of a transaction's name
     */
    public Transactions(Settings settings, Events events, Supplier<LockEngine> locks) {
        this(settings, events, locks, RecoveryTiming.STANDARD);
    }

    Transactions(Settings settings, Events events, Supplier<LockEngine> locks, RecoveryTiming pace) {
        this(settings, events, locks, pace, StallLog.shared());
    }

    Transactions(Settings settings, Events events, Supplier<LockEngine> locks, RecoveryTiming pace, StallLog stalls) {
        this(
                settings,
                events,
                locks,
                pace,
                stalls,
                Executors.newCachedThreadPool(new AgentThreads("floodlock-tx-beside")));
    }

    /** @param beside runs the steps that wait for a server; it may refuse them */
    Transactions(
            Settings settings,
            Events events,
            Supplier<LockEngine> locks,
            RecoveryTiming pace,
            StallLog stalls,
            Executor beside) {
        this.live = new LiveTransactions(beside);
        String namespace = Gid.checkedNamespace(settings.namespace());
        this.guard = new CommitGuard(locks, events);
        this.fence = new Fence(namespace, locks, events);
        this.enlister = new Enlister(databases, knownSessions, fence, guard, live);
        Resolver resolver = new Resolver(beside);
        this.recovery = new Recovery(
                new Sweep(
                        namespace,
                        databases,
                        resolver,
                        live,
                        new DecisionCleanup(namespace, Duration.ofMinutes(10)),
                        pace,
                        new SweepConnections(beside, 2_000),
                        new SweepReport(stalls))::over,
                pace);
        this.completion = new Completion(
                namespace,
                settings.txHome(),
                settings.queueHome().or(settings::txHome),
                databases,
                events,
                guard,
                resolver,
                beside,
                live,
                recovery::wake);
        this.homes = new Homes(databases, recovery::sources, completion, this::branch);
    }

    /** Starts recovery for every DataSource seen, before this call or after it; idempotent. */
    public void recover() {
        recovery.start();
    }

    // ---- scopes

    @Override
    public TxScope enter(TxAttributes attributes, HomeWork work) {
        Transaction outer = current.get();
        if (outer != null && attributes.propagation() != TxPropagation.REQUIRES_NEW) {
            throw Failure.ILLEGAL_TRANSACTION.because(attributes.site()
                    + ": a stored call runs in a transaction of its own, but that of " + outer.site()
                    + " is open around it; leave that one out, or give this method propagation REQUIRES_NEW");
        }
        BegunTransaction begun = begin(attributes, outer, work);
        return begun.beginWork() ? begun : null;
    }

    @Override
    public TxScope enter(TxAttributes attributes) {
        Transaction outer = current.get();
        return switch (attributes.propagation()) {
            case REQUIRED -> outer == null ? begin(attributes, null, null) : new Joined(outer, attributes);
            case REQUIRES_NEW -> begin(attributes, outer, null);
            case SUPPORTS -> outer == null ? new Outside(null) : new Joined(outer, attributes);
            case NOT_SUPPORTED -> {
                current.remove();
                yield new Outside(outer);
            }
            case MANDATORY -> {
                if (outer == null) {
                    throw Failure.ILLEGAL_TRANSACTION.because(attributes.site()
                            + ": propagation MANDATORY, but no @DistributedTx is open on this thread; call it inside"
                            + " one");
                }
                yield new Joined(outer, attributes);
            }
            case NEVER -> {
                if (outer != null) {
                    throw Failure.ILLEGAL_TRANSACTION.because(attributes.site()
                            + ": propagation NEVER, but the transaction of " + outer.site() + " is open");
                }
                yield new Outside(null);
            }
        };
    }

    private BegunTransaction begin(TxAttributes attributes, Transaction outer, HomeWork work) {
        if (attributes.timeout().compareTo(LONGEST) > 0
                || attributes.timeout().isNegative()
                || attributes.timeout().isZero()) {
            throw Failure.ILLEGAL_TRANSACTION.because(attributes.site() + ": timeout " + attributes.timeout()
                    + " is not allowed; use more than 0 and at most 50m");
        }
        recovery.start();
        Transaction transaction = new Transaction(attributes, work);
        current.set(transaction);
        return new BegunTransaction(transaction, completion, homes, live, () -> restore(outer));
    }

    @Override
    public CommitWork atCommit(Supplier<CommitWork> make) {
        Transaction transaction = current.get();
        return transaction == null ? localCommits.of(make) : transaction.atCommit(make);
    }

    @Override
    public List<TxHome> homes() {
        return homes.all();
    }

    @Override
    public TxHome home(String called, String id) {
        return homes.find(called, id);
    }

    @Override
    public String currentId() {
        Transaction transaction = current.get();
        return transaction == null ? null : transaction.id();
    }

    @Override
    public void doom(String why) {
        Transaction transaction = current.get();
        if (transaction != null) {
            transaction.doom(why, null);
        }
    }

    /** The lock engine keeps the locks released inside the transaction until it has ended. */
    @Override
    public List<OpenTransaction> ofThread() {
        Transaction transaction = current.get();
        return transaction == null ? List.of() : List.of(transaction);
    }

    private void restore(Transaction outer) {
        if (outer == null) {
            current.remove();
        } else {
            current.set(outer);
        }
    }

    /** The scope of a method that takes part in the transaction of another one. */
    private record Joined(Transaction transaction, TxAttributes attributes) implements TxScope {

        @Override
        public void exit(Throwable thrown) {
            if (thrown != null && RollbackRules.rollsBack(attributes, thrown)) {
                transaction.doom(
                        attributes.site() + " threw " + thrown.getClass().getName(), thrown);
            }
        }
    }

    /** The scope of a method that runs in no transaction. */
    private final class Outside implements TxScope {

        private final Transaction outer;

        Outside(Transaction outer) {
            this.outer = outer;
        }

        @Override
        public void exit(Throwable thrown) {
            if (outer != null) {
                current.set(outer);
            }
        }
    }

    // ---- connections

    @Override
    public Connection wrap(
            Object source,
            Class<?> site,
            Connection connection,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        if (!(source instanceof DataSource dataSource)) {
            return connection;
        }
        long before = SourceCalls.ofThread().ended(source, site);
        if (connection == null
                || connection instanceof TrackedConnection
                || DriverCallDepth.inside()
                || PoolInternal.isSource(source)) {
            return connection;
        }
        boolean passedOn = before != SourceCalls.NONE && !PoolInternal.isPool(source);
        if (passedOn) {
            TrackedConnection below = HandleBelow.of(connection);
            if (below != null && below.isNewHere(before)) {
                // handed out for this call alone: this handle does the work, and the wrappers over it see every call
                return connection;
            }
        }
        recovery.seen(dataSource);
        return HandleFactory.of(connection).connection(hooks, source, passedOn ? null : site, connection, toCaller);
    }

    /** The branch of the transaction for a connection that the source hands out now. */
    private Branch branch(Transaction transaction, DataSource source) throws SQLException {
        Connection connection = source.getConnection();
        try {
            TrackedConnection handle = HandleBelow.of(connection);
            if (handle == null) {
                connection = wrap(source, source.getClass(), connection, failure -> failure);
                handle = HandleBelow.of(connection);
            }
            if (handle == null) {
                throw Failure.ILLEGAL_TRANSACTION.because(
                        transaction.site() + ": the agent can't follow the connections of "
                                + source.getClass().getName() + ", so it can't record the call there");
            }
            return enlister.branchOf(transaction, handle);
        } finally {
            connection.close();
        }
    }

    @Override
    public Connection reuse(Object source, Class<?> site, Function<FloodlockFailure, RuntimeException> toCaller) {
        SourceCalls.ofThread().began(source, site);
        Transaction transaction = current.get();
        if (transaction == null || transaction.branches().isEmpty() || DriverCallDepth.inside()) {
            return null;
        }
        return enlister.reuse(transaction, hooks, source, site, toCaller);
    }

    @Override
    public void close() {
        recovery.stop();
        live.stop();
    }

    /** The answers to the calls of tracked connections. */
    private final class Hooks implements ConnectionHooks {

        @Override
        public boolean watching() {
            return current.get() != null || guard.watching();
        }

        @Override
        public Enlistment enlist(TrackedConnection connection) throws SQLException {
            return enlister.enlist(current.get(), connection);
        }

        @Override
        public boolean fenced() {
            return fence.standing();
        }

        @Override
        public FencePart fence(Object source, Connection connection) throws SQLException {
            return fence.begin((DataSource) source, connection);
        }

        @Override
        public SessionRead read(TrackedConnection connection) throws SQLException {
            return current.get() == null ? null : enlister.read(connection);
        }

        @Override
        public boolean remembersSessions() {
            return knownSessions.any();
        }

        @Override
        public void touched(Connection raw) {
            knownSessions.forget(raw);
        }

        @Override
        public void beforeCommit() {
            guard.verify();
        }
    }
}
