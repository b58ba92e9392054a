package io.floodlock.runtime.tx.recovery;

/**
 * The times of recovery, in ms; tests use shorter ones.
 *
 * @param every from one sweep to the next, give or take a fifth
 * @param grace past its deadline, until a transaction without a decision is aborted
 * @param decidedGrace that a host has to finish by itself what is decided
 */
public record RecoveryTiming(long every, long grace, long decidedGrace) {

    public static final RecoveryTiming STANDARD = new RecoveryTiming(5_000, 5_000, 3_000);
}
