package io.floodlock.runtime.call.spec;

/**
 * The names of the operations of woven call sites. Each comment begins with the type of the call site. The bootstrap
 * constants are those of a {@link CallSpec} where the comment ends with "CallSpec", else there are none.
 *
 * <p>A permit is the object that stands for what an entering operation took; the matching exit operation gives it back.
 */
public final class Operation {

    /**
     * {@code (Object self, Object[] args)Object}: acquires the locks and begins the transaction; returns a permit. If a
     * rule may skip calls ({@link Rule#maySkip()}), a one-element array instead of a permit means that the body must be
     * skipped. The element is the value to return (null for void). CallSpec.
     */
    public static final String ENTER = "enter";

    /** {@code (Object permit, Throwable thrown)void}: ends what the permit stands for; may throw. CallSpec. */
    public static final String EXIT = "exit";

    /**
     * {@code (Object permit, Object value)Object}: {@link #EXIT} with the value that the body returned, for a method
     * whose declared type leaves open whether the value stands for unfinished work. Returns the value; may throw.
     * CallSpec.
     */
    public static final String LEAVE = "leave";

    /**
     * {@code (Object self, Object[] args)Object}: replaces {@link #ENTER} and {@link #EXIT} for a method whose work
     * continues after it has returned. Null means that the body must run, because the agent itself is calling, inside
     * the call's scope. Any other result means that the body must be skipped; it is a one-element array with the value
     * to return. CallSpec.
     */
    public static final String AROUND = "around";

    /**
     * {@code (Object self, Object[] args)Object}: for a {@code @Queued} method. Null means that the body must run,
     * because the consumer is calling. Any other result means that the call is stored and the body must be skipped; it
     * is a one-element array with the value to return (null for void). CallSpec.
     */
    public static final String ENQUEUE = "enqueue";

    /**
     * {@code (F)F}, for any functional interface F: receives a callback that is being passed to a stage or a reactive
     * type. The result replaces the callback.
     */
    public static final String CARRY = "carry";

    /**
     * {@code (Object self)void}: an instance was constructed whose class declares an instance {@code @Queued} method.
     */
    public static final String CONSTRUCTED = "constructed";

    /** {@code ()void}: the class of a static {@code @Queued} method has run its initializer. CallSpec of the method. */
    public static final String INITIALIZED = "initialized";

    /**
     * {@code (Object source, Connection connection)Connection}: receives the connection that a DataSource is about to
     * hand out. The result replaces it.
     */
    public static final String CONNECTION = "connection";

    /**
     * {@code (Object source)Connection}: runs before a DataSource's {@code getConnection()} without arguments. Null
     * lets the body run; any other result is handed out instead, and the body is skipped.
     */
    public static final String CONNECTION_REUSE = "connectionReuse";

    /**
     * {@code (Object source, Connection connection)Connection}: runs before a method of a DataSource that takes a
     * connection. The result, which is the connection that the source itself handed out, replaces the argument.
     */
    public static final String CONNECTION_BACK = "connectionBack";

    /** {@code (Object statement)void}: a driver is about to run a statement; may throw. */
    public static final String STATEMENT = "statement";

    /** {@code (Object context)void}: a Spring application context has been refreshed and is ready. */
    public static final String CONTEXT_READY = "contextReady";

    /** {@code (Object context)void}: a Spring application context is about to close. */
    public static final String CONTEXT_CLOSING = "contextClosing";

    /**
     * {@code (Object self, Object[] args)Object}: runs before an interceptor that runs a method in a transaction. The
     * only argument is the interceptor's own view of the call. Returns a permit, which is null for most calls; or, as
     * {@link #ENTER}, an array with the value to return instead of running the method.
     */
    public static final String BOUNDARY_ENTER = "boundaryEnter";

    /** {@code (Object permit, Throwable thrown)void}: runs after that interceptor; may throw. */
    public static final String BOUNDARY_EXIT = "boundaryExit";

    /** {@code (Object self)void}: an object was constructed that may be a JTA transaction manager. */
    public static final String TRANSACTION_MANAGER = "transactionManager";

    /** {@code ()void}: runs in Spring's class that keeps each thread's transaction, when it begins to keep one. */
    public static final String SYNCHRONIZATIONS = "synchronizations";

    /**
     * {@code (Object manager, Object transaction)void}: runs before a transaction manager of Spring's suspends the
     * transaction that is open on this thread. The second argument is the manager's own transaction; null if the open
     * transaction belongs to another manager.
     */
    public static final String SUSPENDING = "suspending";

    /** {@code ()long}: {@code Floodlock.fencingToken()}. */
    public static final String FENCING_TOKEN = "fencingToken";

    /** {@code (String)long}: {@code Floodlock.fencingToken(key)}. */
    public static final String FENCING_TOKEN_OF = "fencingTokenOf";

    /** {@code (String, Object[])String}: {@code Floodlock.key(template, values)}. */
    public static final String KEY = "key";

    /**
     * {@code (String[], String[], Duration, Duration, Duration, boolean, boolean, Object)Object}: {@code
     * Floodlock.enter}, whose documentation names the arguments. Returns a permit; null if the call must be skipped.
     */
    public static final String LOCKED_ENTER = "lockedEnter";

    /** {@code (Object permit, Throwable thrown)void}: {@code Floodlock.exit}. */
    public static final String LOCKED_EXIT = "lockedExit";

    /** {@code (Object permit, Object value)Object}: {@code Floodlock.leave}; returns the value. */
    public static final String LOCKED_LEAVE = "lockedLeave";

    /** {@code ()String}: {@code Floodlock.transactionId()}. */
    public static final String TRANSACTION_ID = "transactionId";

    /** {@code (boolean)boolean}: {@code Floodlock.direct(boolean)}. */
    public static final String DIRECT = "direct";

    /** {@code (String, String, boolean)boolean}: {@code Floodlock.pause}. */
    public static final String PAUSE = "pause";

    /** {@code (String, int)int}: {@code Floodlock.changeLanes}. */
    public static final String CHANGE_LANES = "changeLanes";

    /** {@code (String, Duration)void}: {@code Floodlock.awaitIdle(String, Duration)}. */
    public static final String AWAIT_IDLE = "awaitIdle";

    private Operation() {}
}
