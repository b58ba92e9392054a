package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.QueuePlace;
import io.floodlock.runtime.time.Jitter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Where one request stands in Redis's queue for a key, as a few fields say, and when to look again. Immutable. */
final class RedisQueuePlace implements QueuePlace {

    /*
     * Who waits is told by a push when it is granted, and a push may be lost; and a holder whose session ends says nothing.
     * So who waits looks. The script that would find out is dear, above all where many wait, so what it would find is read
     * first, by one command: the lock, the own entry in its queue, and the session of the first holder. There is nothing to
     * do while
     *   - the own entry is there and waits;
     *   - somebody holds the lock, and nothing was left undone that a script had no time for;
     *   - the first holder's session is there, lives, and has shed nothing;
     *   - and the holders were told a moment ago that others want the lock; that is the business of who waits first.
     * If anything differs, or can't be understood, the script is asked, which judges by itself: a needless question costs
     * time only. That a session's expiry has passed is judged by Redis's clock, as the last reply of the script has told it
     * and this JVM's clock has counted on.
     *
     * A first holder that was not known before is judged at the next look, as its session was not read.
     *
     * Who waits first looks every 250 ms; who stands further behind the more seldom, but within half a lease. When holder
     * and heads of the queue die together, the first who lives looks by then, and clears the way. All are jittered. So of
     * 1,000 JVMs that wait for one key, about 200 look in a second, each for some 10 us of Redis's time.
     */

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The same as TOLD in {@code rules.lua}. */
    static final long TOLD_MILLIS = 500;

    // of a lock in the form of lists, bucket.lua
    private static final int LISTED = 13;
    private static final int FIRST_HOLDER = 0;
    private static final int FIRST_WRITER = 2;
    private static final int FIRST_READER = 4;
    private static final int WRITERS_PLACE = 6;
    private static final int READERS_PLACE = 7;
    private static final int TOLD = 10;
    private static final int TELL = 11;

    // of an entry
    private static final int TOKEN = 3;
    private static final int PLACE = 8;

    // of a session
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
     * @param session of the request
     * @param reply that says {@code queued}
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

    /** The fields of the bucket that {@link #after} wants. */
    String[] fields() {
        return new String[] {"l:" + name, "e:" + session + " " + name, "s:" + holder};
    }

    @Override
    public long pauseNanos() {
        // with the jitter half a lease at most
        long most = lease.toNanos() * 2 / 5;
        long places = Math.max(0, Math.min(ahead, most / FIRST_NANOS));
        return Jitter.around(Math.max(1, Math.min(most, FIRST_NANOS * (1 + places))));
    }

    /** The place by what was read just now, if it is as the script has left it; null where the script is to be asked. */
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
        boolean told = PackedFields.text(lock, TELL).isEmpty()
                && nowMicros / 1_000 - PackedFields.number(lock, TOLD) < TOLD_MILLIS;
        return told || nowAhead > 0
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
