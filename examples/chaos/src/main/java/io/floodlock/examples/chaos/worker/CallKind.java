package io.floodlock.examples.chaos.worker;

/** What the body of a queued call does. */
enum CallKind {
    QUICK,
    /** Takes so long that the number of workers limits the rate, not the machine. */
    PACED,
    /** Makes a call itself, which must run if and only if the body has taken effect. */
    CHAINING,
    /** Made by one that chains. */
    CHAINED,
    /** Runs together with others. */
    TOGETHER,
    /** Made in a transaction of plain JDBC, which it must run with. */
    LOCAL,
    /** Returns a result, for which the producer waits. */
    ASKING,
    /** Takes longer than a lease. */
    SLOW,
    /** Carries almost as much as one call may. */
    BIG,
    /** Never returns by itself. */
    HANGING,
    /** Fails in each attempt. */
    POISONOUS,
    /** Of a method that only JVMs of the second version have. */
    SECOND;

    /** Whether the producer writes into the ledger that it has made the call, so that one that never ran is noticed. */
    boolean isRecorded() {
        return this != HANGING && this != POISONOUS && this != LOCAL;
    }
}
