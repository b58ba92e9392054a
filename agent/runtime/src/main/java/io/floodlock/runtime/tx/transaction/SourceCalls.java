package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.TrackedConnection;
import java.util.Arrays;

/**
 * The {@code getConnection()} calls that are under way on one thread. They distinguish what only passes on a connection
 * of another source (a router, a lazy or spying proxy, a subclass of a pool) from what makes one itself (a pool, a
 * driver): a call within which another one began is of the first kind. Only the second kind may be answered without
 * being run.
 *
 * <pre>
 * began(pool)                ended(pool)                  -> NONE
 * began(router)  began(pool) ended(pool)  ended(router)   -> how many connections had been handed out when it began
 * </pre>
 *
 * A call that throws is never ended. Its entry is dropped when a call around it ends, or when the same source is asked
 * again, so that there are never more entries than sources. They are kept as numbers, since a thread may outlive an
 * application's sources.
 */
public final class SourceCalls {

    /** No other source was asked in the call. */
    public static final long NONE = -1;

    private static final ThreadLocal<SourceCalls> OF_THREAD = ThreadLocal.withInitial(SourceCalls::new);

    private long[] keys = new long[4];
    private int[] askedBefore = new int[4];
    private long[] handedOutBefore = new long[4];
    private int depth;
    private int asked;

    private SourceCalls() {}

    public static SourceCalls ofThread() {
        return OF_THREAD.get();
    }

    /** How many calls have begun on this thread; differs if one began in between. */
    int asked() {
        return asked;
    }

    /** @param site the class whose method it is: a subclass calls its superclass's on the same source */
    public void began(Object source, Class<?> site) {
        long key = key(source, site);
        int known = find(key);
        depth = known < 0 ? depth : known;
        if (depth == keys.length) {
            keys = Arrays.copyOf(keys, 2 * depth);
            askedBefore = Arrays.copyOf(askedBefore, 2 * depth);
            handedOutBefore = Arrays.copyOf(handedOutBefore, 2 * depth);
        }
        keys[depth] = key;
        askedBefore[depth] = ++asked;
        handedOutBefore[depth] = TrackedConnection.handedOut();
        depth++;
    }

    /**
     * @return {@link #NONE}, or how many connections had been handed out when the call began, as another source was
     *     asked in it or its begin wasn't seen
     */
    public long ended(Object source, Class<?> site) {
        int known = find(key(source, site));
        if (known < 0) {
            return TrackedConnection.handedOut();
        }
        depth = known;
        return askedBefore[known] == asked ? NONE : handedOutBefore[known];
    }

    private int find(long key) {
        for (int i = depth - 1; i >= 0; i--) {
            if (keys[i] == key) {
                return i;
            }
        }
        return -1;
    }

    private static long key(Object source, Class<?> site) {
        return (long) System.identityHashCode(source) << 32 | site.hashCode() & 0xFFFFFFFFL;
    }
}
