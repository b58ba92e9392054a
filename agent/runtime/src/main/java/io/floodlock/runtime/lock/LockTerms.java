package io.floodlock.runtime.lock;

import java.time.Duration;

/**
 * What limits one acquisition.
 *
 * @param waitTime over all keys together; zero refuses at once if another holds one
 * @param maxHold counted from when all keys are held; past it they are given back and the scope is lost. Null for none
 * @param minHold counted from when all keys are held; those taken exclusively stay taken until it has passed, though
 *     their scope ends before, and though this JVM does. Null for none
 * @param site the call, {@code com.shop.Orders.place}, for messages
 * @param fenced whether databases are told of the holder before they do its work, and refuse it once they know a
 *     later one
 */
public record LockTerms(Duration waitTime, Duration maxHold, Duration minHold, String site, boolean fenced) {

    /** Without a minimum hold. */
    public LockTerms(Duration waitTime, Duration maxHold, String site, boolean fenced) {
        this(waitTime, maxHold, null, site, fenced);
    }

    /** The same for one who takes again what is held by these. */
    public LockTerms again() {
        return minHold == null ? this : new LockTerms(waitTime, maxHold, site, fenced);
    }
}
