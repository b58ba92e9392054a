package io.floodlock.runtime.tx.recovery;

/**
 * The times of recovery, in ms; tests use shorter ones.
 *
 * @param every from one sweep to the next, plus or minus a fifth
 * @param grace from a transaction's deadline until recovery aborts it, if there is no decision
 * @param decidedGrace from PREPARE until recovery acts, so that a host can finish a decided branch itself
 */
public record RecoveryTiming(long every, long grace, long decidedGrace) {

    public static final RecoveryTiming STANDARD = new RecoveryTiming(5_000, 5_000, 3_000);
}
