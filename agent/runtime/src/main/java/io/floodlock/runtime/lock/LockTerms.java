package io.floodlock.runtime.lock;

import java.time.Duration;

/**
 * What limits one acquisition.
 *
 * @param waitTime over all keys together; zero refuses at once if another holds one
 * @param maxHold counted from when all keys are held; past it they are given back and the scope is lost. Null for none
 * @param site the call, {@code com.shop.Orders.place}, for messages
 */
public record LockTerms(Duration waitTime, Duration maxHold, String site) {}
