package io.floodlock.runtime.lock.store;

/** The answer of a store to a {@link GrantRequest}. */
public sealed interface GrantReply {

    /**
     * The key is granted to this JVM.
     *
     * @param token greater than every earlier token of the name; for a shared grant the token of its read phase, the
     *     same for all members
     * @param owner identifies the holder to databases in addition to the token; members of one read phase have the
     *     same. Never used again
     * @param contended another JVM waits for the key
     */
    record Granted(long token, String owner, boolean contended) implements GrantReply {}

    /**
     * Others hold the key and the request is queued. {@link GrantEvents#granted} follows, or a lookup of the place
     * finds that it has changed.
     */
    record Queued(HolderInfo holder, QueuePlace place) implements GrantReply {}

    /** Others use the key and the request doesn't wait. The store keeps nothing of it. */
    record Busy(HolderInfo holder) implements GrantReply {}

    /** The store knows a later grant id of this session for the name. It keeps nothing of this request. */
    record Overtaken() implements GrantReply {}

    /** The session has ended, and with it everything that it held. */
    record SessionLost() implements GrantReply {}
}
