package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.HolderInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A notice by the holder in another JVM that it uses a key, valid for a moment only, and the check that it is still
 * valid. With it, a call that does not wait can be refused by one read of two fields instead of a script.
 * {@code GrantRequests} makes it from the reply to such a call and checks it for the next call. No caller is refused
 * without a current answer from Redis. Thread-safe.
 */
final class BusyNotice {

    /*
     * A call that tries a key which another JVM uses is refused by that JVM's busy notice, which stands in the lock
     * for a moment (bucket.lua). To find the notice there by a script takes Redis many times as long as to read the
     * lock. So when a call has been refused by the notice, this JVM remembers the SHA-1 digest of the lock as it was
     * stored then. For the next try of this JVM, it reads the lock and the holder's session, and checks:
     *   - The lock is the same, byte by byte. So the same grant is its only holder, has not been given back, and no
     *     session waits for the lock.
     *   - The holder's session exists and has shed nothing. The busy mark in the lock and the session both expire,
     *     neither of them sooner than the notice.
     *   - The notice has not expired. Its time is counted from before the request was sent whose reply said how much
     *     time was left. So the notice ends in this JVM before it ends in Redis.
     * If all of this holds, the script would give the same answer as before. If anything differs, the script is run.
     * No call is refused by knowledge of this JVM: each is refused by what Redis has answered to that call.
     *
     * The caller's own session is not checked, because it has nothing to do with the lock in this case.
     */

    /** The first byte of a session that has shed nothing: a msgpack list of three elements. */
    private static final byte THREE = (byte) 0x93;

    private final String name;
    private final String[] fields;
    private final HolderInfo holder;
    private final String digest;
    private final long untilNanos;

    /** The lock as stored in Redis; null until it has been read. */
    private volatile byte[] stored;

    /**
     * @param session the holder's session id
     * @param digest SHA-1 of the lock as stored in Redis
     * @param untilNanos when the notice expires, by nanoTime
     */
    BusyNotice(String name, String session, HolderInfo holder, String digest, long untilNanos) {
        this.name = name;
        this.fields = new String[] {"l:" + name, "s:" + session};
        this.holder = holder;
        this.digest = digest;
        this.untilNanos = untilNanos;
    }

    String name() {
        return name;
    }

    HolderInfo holder() {
        return holder;
    }

    /** The fields of the bucket to read for {@link #stands}. */
    String[] fields() {
        return fields;
    }

    boolean over(long nowNanos) {
        return nowNanos - untilNanos >= 0;
    }

    /** Whether the notice was valid when these values were read, which was before {@code nowNanos}. */
    boolean stands(List<Object> values, long nowNanos) {
        return !over(nowNanos)
                && values.size() == 2
                && values.get(0) instanceof byte[] lock
                && values.get(1) instanceof byte[] session
                && session.length > 0
                && session[0] == THREE
                && same(lock);
    }

    private boolean same(byte[] lock) {
        byte[] known = stored;
        if (known != null) {
            return Arrays.equals(known, lock);
        }
        if (!digest.equals(sha1(lock))) {
            return false;
        }
        stored = lock;
        return true;
    }

    static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
