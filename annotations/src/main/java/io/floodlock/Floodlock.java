package io.floodlock;

/**
 * What a program may ask about the call it is in. Thread-safe; all answers are about the calling thread's innermost scope.
 *
 * <p>The agent weaves this class as it loads; without the agent its methods answer as written here.
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

    private static IllegalStateException inactive() {
        return new IllegalStateException("no lock is held: Floodlock's agent is not active in this JVM");
    }
}
