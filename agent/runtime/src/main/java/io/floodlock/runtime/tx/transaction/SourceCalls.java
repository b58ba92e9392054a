package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.TrackedConnection;
import java.util.Arrays;

/**
 * The {@code getConnection()} calls that are in progress on one thread. They distinguish a source that only passes on a
 * connection of another one (a router, a lazy or spying proxy, a subclass of a pool) from a source that makes
 * connections itself (a pool, a driver): in a call of the first kind another call begins. Only sources of the second
 * kind may be answered without being run. {@code Transactions} reports begin and end.
 *
 * <pre>
 * began(pool)                ended(pool)                  -> NONE
 * began(router)  began(pool) ended(pool)  ended(router)   -> how many connections had been handed out when it began
 * </pre>
 *
 * <p>A call that throws is never ended. Its entry is dropped when a call around it ends, or when the same source is
 * asked again, so there are never more entries than sources. Entries are kept as numbers, since a thread may outlive an
 * application's sources. Belongs to its thread.
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

    /** The number of calls that have begun on this thread; it differs if one began in between. */
    int asked() {
        return asked;
    }

    /** @param site the class whose method it is, as a subclass calls its superclass's method on the same source */
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
     * @return {@link #NONE}; or, if another source was asked in the call or its begin wasn't seen, the number of
     *     connections that had been handed out when it began
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
