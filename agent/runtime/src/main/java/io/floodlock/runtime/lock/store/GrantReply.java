package io.floodlock.runtime.lock.store;

/** How a store answers a {@link GrantRequest}. */
public sealed interface GrantReply {

    /**
     * The key is this JVM's.
     *
     * @param token greater than every token of the name before; for a shared grant that of its read phase, the same for
     *     all members
     * @param owner the holder as databases know it beside the token; members of one read phase have one. Never used
     *     again
     * @param contended another JVM waits for the key
     */
    record Granted(long token, String owner, boolean contended) implements GrantReply {}

    /** Others have it. {@link GrantEvents#granted} follows, or a look at the place finds that it has changed. */
    record Queued(HolderInfo holder, QueuePlace place) implements GrantReply {}

    /** Others use it, and the request doesn't wait. Nothing of it is left in the store. */
    record Busy(HolderInfo holder) implements GrantReply {}

    /** The store knows a later grant id of this session for the name. Nothing of this request is left in the store. */
    record Overtaken() implements GrantReply {}

    /** The session has ended, and with it all that it held. */
    record SessionLost() implements GrantReply {}
}
