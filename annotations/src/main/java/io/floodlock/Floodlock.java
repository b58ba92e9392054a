package io.floodlock;

import java.time.Duration;
import java.util.Collection;
import java.util.Objects;

/**
 * Locks for keys that are known only at run time, queries about the current call, and the control of queues.
 * Thread-safe. Each query answers for the calling thread's innermost scope.
 *
 * <pre>
 *   Floodlock.locked(Floodlock.key("order:{}", id), () -&gt; ship(id));
 *   if (!Floodlock.exclusive("nightly-report").tryRun(this::report)) {
 *       log.info("another node writes the report");
 *   }
 * </pre>
 *
 * <p>The agent weaves this class as it loads. Without the agent its methods do what this source code states, and the
 * methods that lock throw {@link IllegalStateException} without running the body.
 */
public final class Floodlock {

    private Floodlock() {}

    /** Whether this JVM was started with the agent, so that annotated methods of classes it loads are protected. */
    public static boolean isActive() {
        return false;
    }

    /**
     * Fails unless this JVM was started with the agent. Call it first in {@code main}.
     *
     * @throws IllegalStateException if this JVM was started without the agent
     */
    public static void requireAgent() {
        if (!isActive()) {
            throw new IllegalStateException(
                    "Floodlock's agent is not active in this JVM, so @SharedLock, @PessimisticLock,"
                            + " @Queued and @DistributedTx protect nothing. Start it with"
                            + " java -javaagent:/path/to/floodlock-agent.jar ...");
        }
    }

    /**
     * Runs the body while the key is held exclusively, as a method with {@link PessimisticLock} does. Waits for up to
     * 10 s, re-enters a key that the thread holds, and releases the key when the body, and a transaction that is open
     * then, have ended. For other limits, several modes, or no exception if the key is busy, use
     * {@link #exclusive(String...)}.
     *
     * @param key the whole key, {@code "order:42"}; {@link #key} builds it as an annotation does
     * @throws LockTimeoutException if the key was not free in time; the body did not run
     * @throws LockInterruptedException if the thread was interrupted while it waited for the key; the body did not
     *     run
     * @throws LockUpgradeException if an enclosing scope holds the key shared; the body did not run
     * @throws LockLostException if the scope was lost before the body had ended
     * @throws InvalidKeyException if the key is null, blank or longer than 1,000 characters; the body did not run
     * @throws FloodlockUnavailableException if Redis did not answer; the body did not run
     * @throws IllegalStateException without the agent; the body did not run
     * @throws X the exception of the body, unchanged
     */
    public static <X extends Throwable> void locked(String key, LockedAction<X> body) throws X {
        exclusive(key).run(body);
    }

    /** As {@link #locked(String, LockedAction)}, and returns the body's result. */
    public static <T, X extends Throwable> T locked(String key, LockedCall<T, X> body) throws X {
        return exclusive(key).call(body);
    }

    /**
     * As {@link #locked(String, LockedAction)} for all of the keys. They are acquired in one fixed order, whatever
     * the order of the collection: all of them or none.
     */
    public static <X extends Throwable> void locked(Collection<String> keys, LockedAction<X> body) throws X {
        exclusive(keys).run(body);
    }

    /** As {@link #locked(Collection, LockedAction)}, and returns the body's result. */
    public static <T, X extends Throwable> T locked(Collection<String> keys, LockedCall<T, X> body) throws X {
        return exclusive(keys).call(body);
    }

    /** Names keys that the methods of the returned {@link Locking} hold exclusively. This call alone holds nothing. */
    public static Locking exclusive(String... keys) {
        return Locking.none().exclusive(keys);
    }

    /** As {@link #exclusive(String...)}. */
    public static Locking exclusive(Collection<String> keys) {
        return Locking.none().exclusive(keys);
    }

    /**
     * Names keys that the methods of the returned {@link Locking} hold shared, as {@link SharedLock} does. This call
     * alone holds nothing.
     */
    public static Locking shared(String... keys) {
        return Locking.none().shared(keys);
    }

    /** As {@link #shared(String...)}. */
    public static Locking shared(Collection<String> keys) {
        return Locking.none().shared(keys);
    }

    /**
     * Builds a key as an annotation does from the same template with a path in place of each <code>{}</code>:
     * {@code key("order:{}", order.id())} is the key of {@code @PessimisticLock(key = "order:{order.id}")}. The
     * allowed types and the escaping are the same, so that different values never yield one key: in
     * {@code key("user:{}", "a:b")} the colon becomes {@code %3A}. A key that is concatenated by hand from such a
     * value is a different key, and excludes no holder of this one.
     *
     * @param template literal text with <code>{}</code> for each value; a literal brace is written twice
     * @throws InvalidKeyException if the template has more or fewer <code>{}</code> than there are values, or a value
     *     is null or of a type that has no text for keys, or the key is longer than 1,000 characters
     * @throws IllegalStateException without the agent
     */
    public static String key(String template, Object... values) {
        throw notRun();
    }

    /**
     * The fencing token of the one key that the innermost lock scope holds. For each key, the token of an exclusive
     * holder is greater than the tokens of all earlier holders. Pass it to a store that refuses tokens smaller than
     * the greatest it has seen.
     *
     * @throws IllegalStateException outside a lock scope, or if the scope holds several keys
     */
    public static long fencingToken() {
        throw inactive();
    }

    /**
     * The fencing token of one key of the enclosing lock scopes.
     *
     * @param key the key as built, {@code "order:42"}
     * @throws IllegalStateException if this thread does not hold the key
     */
    public static long fencingToken(String key) {
        throw inactive();
    }

    /**
     * The global id of the transaction that the calling thread is in, as logs, messages and recovery name it; null
     * outside a transaction.
     */
    public static String transactionId() {
        return null;
    }

    /**
     * Runs the body, in which calls of {@link Queued} methods that this thread makes are not stored: their bodies run
     * at once, as without the agent. For tests.
     */
    public static void direct(Runnable body) {
        boolean before = direct(true);
        try {
            body.run();
        } finally {
            direct(before);
        }
    }

    /**
     * Pauses a queue: no JVM starts its calls until {@link #resumeQueue}. Calls are accepted as before, and bodies that
     * run end. The state is kept in Redis with the queue, and each JVM takes it over within a tenth of {@code
     * floodlock.lease}.
     *
     * @param queue its name, in the namespace of this JVM
     * @return false if it was paused before
     * @throws FloodlockUnavailableException if Redis did not answer
     * @throws IllegalStateException without the agent
     */
    public static boolean pauseQueue(String queue) {
        return pause(queue, null, true);
    }

    /**
     * Lets a queue go on; see {@link #pauseQueue}.
     *
     * @return false if it was not paused
     */
    public static boolean resumeQueue(String queue) {
        return pause(queue, null, false);
    }

    /**
     * Pauses the calls of one key of a queue, as {@link #pauseQueue} does with all; calls of other keys run. Up to
     * 1,000 keys of a queue can be paused.
     *
     * @param key as built, {@code "order:42"}; {@link #key} builds it as an annotation does
     * @return false if it was paused before
     * @throws FloodlockUnavailableException if Redis did not answer, or 1,000 keys are paused
     * @throws IllegalStateException without the agent
     */
    public static boolean pauseKey(String queue, String key) {
        return pause(queue, Objects.requireNonNull(key, "key"), true);
    }

    /**
     * Lets the calls of a key go on; see {@link #pauseKey}.
     *
     * @return false if it was not paused
     */
    public static boolean resumeKey(String queue, String key) {
        return pause(queue, Objects.requireNonNull(key, "key"), false);
    }

    /**
     * Gives a queue another number of lanes, so that up to as many JVMs share its calls. Calls are accepted all the
     * time. Those that are stored run first: the new lanes begin when each of them has run or is a dead letter, so a
     * call that is delayed, paused or attempted again holds them up, and the log says so.
     *
     * @param queue its name, in the namespace of this JVM
     * @param lanes 1 to 1,024
     * @return the number before
     * @throws IllegalArgumentException if the number is another
     * @throws FloodlockUnavailableException if Redis did not answer, or calls that were stored before the last change
     *     are left
     * @throws IllegalStateException without the agent
     */
    public static int changeLanes(String queue, int lanes) {
        throw new IllegalStateException("no queue is changed: Floodlock's agent is not active in this JVM");
    }

    /** @param key null for the whole queue */
    static boolean pause(String queue, String key, boolean value) {
        throw new IllegalStateException("no queue is paused or resumed: Floodlock's agent is not active in this JVM");
    }

    /**
     * Waits until a queue has no unfinished call: each has run, or is a dead letter. Calls that are made meanwhile, by
     * other JVMs too, are waited for as well. For tests. Returns at once without the agent.
     *
     * @param queue its name, in the namespace of this JVM
     * @throws IllegalStateException if it has some at the limit
     * @throws FloodlockUnavailableException if Redis did not answer
     */
    public static void awaitIdle(String queue, Duration limit) {
        // nothing is stored without the agent
    }

    /** Whether calls of this thread are not stored from now on; returns the value before. */
    static boolean direct(boolean value) {
        return false;
    }

    /**
     * Acquires the keys.
     *
     * @return the permit for {@link #exit} or {@link #leave}; null if a key is busy and {@code skips} is true
     */
    static Object enter(
            String[] exclusive,
            String[] shared,
            Duration waitTime,
            Duration maxHold,
            Duration minHold,
            boolean fenced,
            boolean skips,
            Object body) {
        throw notRun();
    }

    /** Releases the keys after the body has thrown. */
    static void exit(Object permit, Throwable thrown) {
        throw notRun();
    }

    /**
     * Releases the keys after the body has returned {@code value}.
     *
     * @return the value for the caller
     */
    static Object leave(Object permit, Object value) {
        throw notRun();
    }

    private static IllegalStateException notRun() {
        return new IllegalStateException(
                "nothing is locked and nothing was run: Floodlock's agent is not active in this JVM."
                        + " Start it with java -javaagent:/path/to/floodlock-agent.jar ...");
    }

    private static IllegalStateException inactive() {
        return new IllegalStateException("no lock is held: Floodlock's agent is not active in this JVM");
    }
}
