package io.floodlock;

import java.time.Duration;
import java.util.Collection;

/**
 * Locks for keys that are known only at run time, and what a program may ask about the call it is in. Thread-safe; all
 * answers are about the calling thread's innermost scope.
 *
 * <pre>
 *   Floodlock.locked(Floodlock.key("order:{}", id), () -&gt; ship(id));
 *   if (!Floodlock.exclusive("nightly-report").tryRun(this::report)) {
 *       log.info("another node writes the report");
 *   }
 * </pre>
 *
 * <p>The agent weaves this class as it loads; without the agent its methods answer as written here, and those that
 * lock throw {@link IllegalStateException} without running anything.
 */
public final class Floodlock {

    private Floodlock() {}

    /** Whether this JVM was started with the agent, so that annotated methods of classes it loads are protected. */
    public static boolean isActive() {
        return false;
    }

    /**
     * Fails unless this JVM was started with the agent; call it first in {@code main}.
     *
     * @throws IllegalStateException if it was not
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
     * Runs the body while the key is held exclusively, as a method with {@link PessimisticLock} does: waiting for up
     * to 10 s, re-entering what the thread holds, giving the key back once the body, and a transaction that is open
     * then, has ended. For other limits, several modes or no exception where the key is busy: {@link
     * #exclusive(String...)}.
     *
     * @param key the whole key, {@code "order:42"}; {@link #key} builds it as an annotation does
     * @throws LockTimeoutException if the key was not free in time; the body did not run
     * @throws LockLostException if the scope was lost before the body had ended
     * @throws InvalidKeyException if the key is null, blank or longer than 1,000 characters
     * @throws FloodlockUnavailableException if Redis did not answer; the body did not run
     * @throws IllegalStateException without the agent; the body did not run
     * @throws X what the body throws, unchanged
     */
    public static <X extends Throwable> void locked(String key, LockedAction<X> body) throws X {
        exclusive(key).run(body);
    }

    /** As {@link #locked(String, LockedAction)}, and answers what the body does. */
    public static <T, X extends Throwable> T locked(String key, LockedCall<T, X> body) throws X {
        return exclusive(key).call(body);
    }

    /**
     * As {@link #locked(String, LockedAction)}, holding all of the keys: they are taken in one order whatever theirs
     * is, all of them or none.
     */
    public static <X extends Throwable> void locked(Collection<String> keys, LockedAction<X> body) throws X {
        exclusive(keys).run(body);
    }

    /** As {@link #locked(Collection, LockedAction)}, and answers what the body does. */
    public static <T, X extends Throwable> T locked(Collection<String> keys, LockedCall<T, X> body) throws X {
        return exclusive(keys).call(body);
    }

    /** Keys to be held exclusively by what {@link Locking} is then given to run. This alone holds nothing. */
    public static Locking exclusive(String... keys) {
        return Locking.none().exclusive(keys);
    }

    /** As {@link #exclusive(String...)}. */
    public static Locking exclusive(Collection<String> keys) {
        return Locking.none().exclusive(keys);
    }

    /** Keys to be held shared, as {@link SharedLock} does, by what {@link Locking} is then given to run. */
    public static Locking shared(String... keys) {
        return Locking.none().shared(keys);
    }

    /** As {@link #shared(String...)}. */
    public static Locking shared(Collection<String> keys) {
        return Locking.none().shared(keys);
    }

    /**
     * The key that an annotation builds from the same template with a path in place of each <code>{}</code>:
     * {@code key("order:{}", order.id())} is that of {@code @PessimisticLock(key = "order:{order.id}")}. Values are of
     * the same types and escaped alike, so that different values never give one key: in {@code key("user:{}", "a:b")}
     * the colon comes out as {@code %3A}. A key that is put together by hand from such a value is another one, and
     * excludes nobody.
     *
     * @param template literal text with <code>{}</code> for each value; a brace itself is written twice
     * @throws InvalidKeyException if the template has more or fewer <code>{}</code> than there are values, or a value
     *     is null or of a type without a text of its own, or the key comes out longer than 1,000 characters
     * @throws IllegalStateException without the agent
     */
    public static String key(String template, Object... values) {
        throw notRun();
    }

    /**
     * The fencing token of the one key that the innermost lock scope holds: per key, each exclusive holder's token is
     * greater than those of all holders before it. Hand it to a store that refuses smaller tokens than it has seen.
     *
     * @throws IllegalStateException outside a lock scope, or where the scope holds several keys
     */
    public static long fencingToken() {
        throw inactive();
    }

    /**
     * The fencing token of one key of the enclosing lock scopes.
     *
     * @param key the key as built, {@code "order:42"}
     * @throws IllegalStateException if this thread holds no such key
     */
    public static long fencingToken(String key) {
        throw inactive();
    }

    /**
     * The global id of the transaction that the calling thread is in, as logs, messages and recovery name it; null outside
     * one.
     */
    public static String transactionId() {
        return null;
    }

    /**
     * Takes keys.
     *
     * @return what {@link #exit} or {@link #leave} gives back; null where a key is busy and the caller {@code skips}
     *     then
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

    /** Gives the keys back, of a body that has thrown. */
    static void exit(Object permit, Throwable thrown) {
        throw notRun();
    }

    /** Gives the keys back, of a body that has answered {@code value}; answers it. */
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
