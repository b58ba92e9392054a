package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.TrackedConnection;
import java.util.Arrays;

/**
 * Distinguishes DataSources that make connections from those that pass them on, by the {@code getConnection()} calls in
 * progress on one thread. A source that makes connections is a pool or a driver; only such a source may be answered
 * without being run. A source that passes on a connection of another one is a router, a lazy or spying proxy, or a
 * subclass of a pool: inside its call another call begins. {@code Transactions} reports the begin and the end of each
 * call.
 *
 * <pre>
 * calls, in their order                                    result of the outermost call's end
 * began(pool)   ended(pool)                                NONE
 * began(router) began(pool) ended(pool) ended(router)      the number of handles handed out before began(router)
 * </pre>
 *
 * <p>The number shows whether the handle below was handed out during the call, and so for this caller alone.
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
    private int[] begunBefore = new int[4];
    private long[] handedOutBefore = new long[4];
    private int depth;
    private int begunCalls;

    private SourceCalls() {}

    public static SourceCalls ofThread() {
        return OF_THREAD.get();
    }

    /** The number of calls that have begun on this thread; it differs if one began in between. */
    int begunCalls() {
        return begunCalls;
    }

    /** @param site the class whose method it is, as a subclass calls its superclass's method on the same source */
    public void began(Object source, Class<?> site) {
        long key = key(source, site);
        int known = find(key);
        depth = known < 0 ? depth : known;
        if (depth == keys.length) {
            keys = Arrays.copyOf(keys, 2 * depth);
            begunBefore = Arrays.copyOf(begunBefore, 2 * depth);
            handedOutBefore = Arrays.copyOf(handedOutBefore, 2 * depth);
        }
        keys[depth] = key;
        begunBefore[depth] = ++begunCalls;
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
        return begunBefore[known] == begunCalls ? NONE : handedOutBefore[known];
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
