package io.floodlock.runtime.call.spec;

/** The four kinds of rules, with the names that rules files, bootstrap constants and messages give them. */
public enum Kind {
    SHARED_LOCK("sharedLock", "SharedLock"),
    PESSIMISTIC_LOCK("pessimisticLock", "PessimisticLock"),
    QUEUED("queued", "Queued"),
    DISTRIBUTED_TX("distributedTx", "DistributedTx");

    private final String ruleName;
    private final String annotation;

    Kind(String ruleName, String annotation) {
        this.ruleName = ruleName;
        this.annotation = annotation;
    }

    public String ruleName() {
        return ruleName;
    }

    /** The annotation's simple name; its package is {@code io.floodlock}. */
    public String annotation() {
        return annotation;
    }
}
