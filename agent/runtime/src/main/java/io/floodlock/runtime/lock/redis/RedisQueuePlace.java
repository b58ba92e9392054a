package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.time.Jitter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The place of one waiting request in Redis's queue for a key, as read from a few fields, and the pause until the
 * next look. With it, a waiter notices a lost push or a dead holder without running a script at each look.
 * {@code RedisBucket.look} reads the fields. The comment below explains when the script must be run. Immutable.
 */
final class RedisQueuePlace implements QueuePlace {

    /*
     * A push notifies a waiter when its request is granted, but a push may be lost; and a holder whose session ends
     * sends nothing. So each waiter looks from time to time. The script that would find out is expensive, above all
     * where many wait. So first one command reads what the script would look at: the lock, the waiter's own entry in
     * its queue, and the session of the first holder. There is nothing to do while all of these hold:
     *   - The waiter's own entry exists and waits.
     *   - The lock has a holder, and no script has left work undone for lack of time.
     *   - The first holder's session exists, has not expired, and has shed nothing.
     *   - The holders were notified a moment ago that others want the lock. Only the first waiter checks this.
     * If anything differs, or cannot be decoded, the script is run and decides by itself: an unnecessary run costs
     * time only. Whether a session's expiry has passed is judged by Redis's clock: the time in the last reply of the
     * script, plus the time that this JVM's clock has counted since.
     *
     * A first holder that was not known before is judged at the next look, because its session was not read.
     *
     * The first waiter looks every 250 ms. Waiters further behind look less often, but within half a lease. When the
     * holder and the first waiters die together, the first waiter that lives looks within that time, and its script
     * removes the dead. All pauses are jittered. So of 1,000 JVMs that wait for one key, about 200 look in a second,
     * each for about 10 us of Redis's time.
     */

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The same as NOTIFIED in {@code rules.lua}. */
    static final long NOTIFIED_MILLIS = 500;

    // indexes in a lock in the form of lists (bucket.lua)
    private static final int LISTED = 13;
    private static final int FIRST_HOLDER = 0;
    private static final int FIRST_WRITER = 2;
    private static final int FIRST_READER = 4;
    private static final int WRITERS_PLACE = 6;
    private static final int READERS_PLACE = 7;
    private static final int NOTIFIED_AT = 10;
    private static final int NEXT_TO_NOTIFY = 11;

    // indexes in an entry
    private static final int TOKEN = 3;
    private static final int PLACE = 8;

    // in a session: the index of the expiry, and the size of a session that has shed nothing
    private static final int EXPIRY = 0;
    private static final int SOUND = 3;

    private final String name;
    private final String session;
    private final Duration lease;
    private final long redisMicros;
    private final long atNanos;
    private final String holder;
    private final long ahead;

    /**
     * @param session the session id of the request
     * @param reply a reply {@code queued}
     * @param sentNanos by nanoTime, before Redis ran the script
     */
    RedisQueuePlace(String name, String session, Duration lease, LockReply reply, long sentNanos) {
        this(name, session, lease, reply.number(8), sentNanos, reply.text(9), reply.number(7));
    }

    private RedisQueuePlace(
            String name, String session, Duration lease, long redisMicros, long atNanos, String holder, long ahead) {
        this.name = name;
        this.session = session;
        this.lease = lease;
        this.redisMicros = redisMicros;
        this.atNanos = atNanos;
        this.holder = holder;
        this.ahead = ahead;
    }

    /** The fields of the bucket to read for {@link #after}. */
    String[] fields() {
        return new String[] {"l:" + name, "e:" + session + " " + name, "s:" + holder};
    }

    @Override
    public long pauseNanos() {
        // with the jitter at most half a lease
        long most = lease.toNanos() * 2 / 5;
        long places = Math.max(0, Math.min(ahead, most / FIRST_NANOS));
        return Jitter.around(Math.max(1, Math.min(most, FIRST_NANOS * (1 + places))));
    }

    /**
     * The place according to the fields just read, if the request can go on waiting; null if the script must be run.
     */
    RedisQueuePlace after(List<Object> values, long nowNanos) {
        List<?> lock = PackedFields.list(values, 0);
        List<?> own = PackedFields.list(values, 1);
        if (lock.size() != LISTED || own.size() <= PLACE || PackedFields.number(own, TOKEN) != 0) {
            return null;
        }
        String first = PackedFields.text(lock, FIRST_HOLDER);
        if (first.isEmpty()) {
            return null;
        }
        long nowMicros = redisMicros + (nowNanos - atNanos) / 1_000;
        if (first.equals(holder)) {
            List<?> theirs = PackedFields.list(values, 2);
            if (theirs.size() != SOUND || PackedFields.number(theirs, EXPIRY) <= nowMicros) {
                return null;
            }
        }
        long nowAhead = ahead(lock, PackedFields.number(own, PLACE));
        boolean notified = PackedFields.text(lock, NEXT_TO_NOTIFY).isEmpty()
                && nowMicros / 1_000 - PackedFields.number(lock, NOTIFIED_AT) < NOTIFIED_MILLIS;
        return notified || nowAhead > 0
                ? new RedisQueuePlace(name, session, lease, redisMicros, atNanos, first, nowAhead)
                : null;
    }

    /** How many entries stand between the head of the queue and {@code place}. */
    private static long ahead(List<?> lock, long place) {
        return place
                - Math.min(
                        head(lock, FIRST_WRITER, WRITERS_PLACE, place), head(lock, FIRST_READER, READERS_PLACE, place));
    }

    private static long head(List<?> lock, int first, int at, long otherwise) {
        return PackedFields.text(lock, first).isEmpty() ? otherwise : PackedFields.number(lock, at);
    }
}
