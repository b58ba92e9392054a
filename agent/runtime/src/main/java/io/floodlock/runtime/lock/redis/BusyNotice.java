package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.HolderInfo;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What a holder elsewhere has said a moment ago, that it uses a key, and how to see whether that still stands. Thread-safe. */
final class BusyNotice {

    /*
     * Who tries a key that another JVM uses is refused by that JVM's word, which stands in the lock for a moment (bucket.lua).
     * For a script to find it there takes Redis many times as long as to read it. So who has been refused by the word once
     * knows the digest of the lock as it was stored then, and who tries next in this JVM reads the lock, and the holder's
     * session:
     *   - the lock is the same, byte by byte, so the same grant has it alone, has not been given back, and nobody waits;
     *   - the session is there, and has shed nothing: both have their ends, which are no sooner than the word's;
     *   - and the word's time is not up. That is counted from before the request was sent that told how much was left, so it
     *     ends here before it ends there.
     * Then the script would say what it said before. If anything differs it is asked. Nobody is refused by what is known here:
     * all are refused by what Redis has answered to themselves.
     *
     * Nothing is judged of the caller's own session, which has nothing to do with the lock then.
     */

    /** Of a session that has shed nothing: a msgpack list of three. */
    private static final byte THREE = (byte) 0x93;

    private final String name;
    private final String[] fields;
    private final HolderInfo holder;
    private final String digest;
    private final long untilNanos;

    /** The lock as stored, once it has been read. */
    private volatile byte[] stored;

    /**
     * @param session of the holder
     * @param digest SHA-1 of the lock as stored
     * @param untilNanos by nanoTime
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

    /** What is to be read of the bucket. */
    String[] fields() {
        return fields;
    }

    boolean over(long nowNanos) {
        return nowNanos - untilNanos >= 0;
    }

    /** Whether it stood when these values were read, which was before now. */
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
