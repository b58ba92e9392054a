package io.floodlock.runtime.lock;

import java.time.Duration;

/**
 * What limits one acquisition.
 *
 * @param waitTime over all keys together; zero refuses at once if another holds one
 * @param maxHold counted from when all keys are held; past it they are given back and the scope is lost. Null for none
 * @param site the call, {@code com.shop.Orders.place}, for messages
 * @param fenced whether databases are told of the holder before they do its work, and refuse it once they know a later one
 */
public record LockTerms(Duration waitTime, Duration maxHold, String site, boolean fenced) {}
