package io.floodlock.runtime.call.spec;

/** The names of woven call sites, with their types. Constants: a {@link CallSpec}'s where it says so, else none. */
public final class Operation {

    /**
     * {@code (Object self, Object[] args)Object}: takes locks, begins the transaction; answers a permit. Where a rule
     * may skip calls ({@link Rule#maySkip()}), a one-element array instead means that the body must be skipped: it has
     * the value to return (null for void). CallSpec.
     */
    public static final String ENTER = "enter";

    /** {@code (Object permit, Throwable thrown)void}: ends what the permit stands for; may throw. CallSpec. */
    public static final String EXIT = "exit";

    /**
     * {@code (Object permit, Object value)Object}: {@link #EXIT} with what the body returned, where its declared type leaves
     * open whether that stands for work that goes on; answers the value; may throw. CallSpec.
     */
    public static final String LEAVE = "leave";

    /**
     * {@code (Object self, Object[] args)Object}: instead of {@link #ENTER} and {@link #EXIT}, of a method whose work goes on
     * after it has returned. Null lets the body run: the agent is calling, in its scope. Anything else means that the body
     * must be skipped; the answer is then a one-element array with the value to return. CallSpec.
     */
    public static final String AROUND = "around";

    /**
     * {@code (Object self, Object[] args)Object}: of a {@code @Queued} method. Null lets the body run: the consumer is
     * calling. Anything else means that the call is stored and the body must be skipped; the answer is then a one-element
     * array with the value to return (null for void). CallSpec.
     */
    public static final String ENQUEUE = "enqueue";

    /**
     * {@code (F)F}, of any functional interface F: a callback on its way to a stage or a reactive type; the answer takes its
     * place.
     */
    public static final String CARRY = "carry";

    /** {@code (Object self)void}: an instance whose class declares an instance {@code @Queued} method was constructed. */
    public static final String CONSTRUCTED = "constructed";

    /** {@code ()void}: the class of a static {@code @Queued} method has run its initializer. CallSpec of the method. */
    public static final String INITIALIZED = "initialized";

    /** {@code (Object source, Connection connection)Connection}: what a DataSource is about to hand out. */
    public static final String CONNECTION = "connection";

    /**
     * {@code (Object source)Connection}: before a DataSource's {@code getConnection()} without arguments runs. Null lets it
     * run; anything else is handed out and the body skipped.
     */
    public static final String CONNECTION_REUSE = "connectionReuse";

    /**
     * {@code (Object source, Connection connection)Connection}: before a method of a DataSource takes a connection. The answer
     * takes its place: what the source itself handed out.
     */
    public static final String CONNECTION_BACK = "connectionBack";

    /** {@code (Object statement)void}: a driver is about to run a statement; may throw. */
    public static final String STATEMENT = "statement";

    /** {@code (Object context)void}: a Spring application context has refreshed, and is ready. */
    public static final String CONTEXT_READY = "contextReady";

    /** {@code (Object context)void}: a Spring application context is about to close. */
    public static final String CONTEXT_CLOSING = "contextClosing";

    /**
     * {@code (Object self, Object[] args)Object}: before an interceptor runs a method in a transaction; the only argument is
     * the interceptor's own view of the call. Answers a permit, null for most; or, as {@link #ENTER}, an array with
     * the value to return instead of running it.
     */
    public static final String BOUNDARY_ENTER = "boundaryEnter";

    /** {@code (Object permit, Throwable thrown)void}: after that interceptor; may throw. */
    public static final String BOUNDARY_EXIT = "boundaryExit";

    /** {@code (Object self)void}: what may be a JTA transaction manager was constructed. */
    public static final String TRANSACTION_MANAGER = "transactionManager";

    /** {@code ()void}: in the class of Spring's that knows each thread's transaction, as it begins to. */
    public static final String SYNCHRONIZATIONS = "synchronizations";

    /**
     * {@code (Object manager, Object transaction)void}: before a transaction manager of Spring's sets aside what is open on
     * this thread; the transaction is the manager's own, or null where what is open is another manager's.
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
     * Floodlock.enter}, which says what they are; answers a permit, null where the call is to be skipped.
     */
    public static final String LOCKED_ENTER = "lockedEnter";

    /** {@code (Object permit, Throwable thrown)void}: {@code Floodlock.exit}. */
    public static final String LOCKED_EXIT = "lockedExit";

    /** {@code (Object permit, Object value)Object}: {@code Floodlock.leave}; answers the value. */
    public static final String LOCKED_LEAVE = "lockedLeave";

    /** {@code ()String}: {@code Floodlock.transactionId()}. */
    public static final String TRANSACTION_ID = "transactionId";

    private Operation() {}
}
