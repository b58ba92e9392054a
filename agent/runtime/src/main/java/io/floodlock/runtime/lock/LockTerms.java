package io.floodlock.runtime.lock;

import java.time.Duration;

/**
 * The limits of one acquisition. Immutable.
 *
 * @param waitTime the longest wait, over all keys together; zero refuses at once if a key is in use
 * @param maxHold counted from when all keys are held; when it has passed they are given back and the scope is lost.
 *     Null for none
 * @param minHold counted from when all keys are held; the keys acquired exclusively stay taken until it has passed,
 *     even if their scope or this JVM ends before. Null for none
 * @param site the call, {@code com.shop.Orders.place}, for messages
 * @param fenced whether databases are told of the holder before they do its work, and refuse it once they know a
 *     later one
 */
public record LockTerms(Duration waitTime, Duration maxHold, Duration minHold, String site, boolean fenced) {

    /** Terms without a minimum hold. */
    public LockTerms(Duration waitTime, Duration maxHold, String site, boolean fenced) {
        this(waitTime, maxHold, null, site, fenced);
    }

    /** The same terms for an acquisition that acquires again what is held by these: without the minimum hold. */
    public LockTerms again() {
        return minHold == null ? this : new LockTerms(waitTime, maxHold, site, fenced);
    }
}
