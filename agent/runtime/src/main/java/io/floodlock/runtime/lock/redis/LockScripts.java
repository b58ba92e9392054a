package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.redis.command.Script;

/**
 * The Lua scripts of the lock engine, each loaded with the files that it needs. Start reading at {@code bucket.lua},
 * which describes the stored state, its keys and its invariants; the head of every other file describes its arguments
 * and its reply.
 */
public final class LockScripts {

    public static final Script LAYOUT = Script.load(LockScripts.class, "layout.lua");
    public static final Script OPEN = onBucket("open.lua");
    public static final Script RENEW = onBucket("renew.lua");
    public static final Script ACQUIRE = onBucketFirst("acquire");
    public static final Script RELEASE = onBucketFirst("release");
    public static final Script GO_ON = onBucket("go-on.lua");
    static final Script BUSY = onBucket("busy.lua");
    static final Script TOKENS = onBucket("tokens.lua");
    static final Script MIN_HOLD = onBucket("minhold.lua");
    static final Script RAISE = onBucket("raise.lua");
    static final Script HOLDS = onBucket("holds.lua");
    public static final Script SWEEP = onBucketClearing("sweep.lua");
    public static final Script CLEAR = onBucketClearing("clear.lua");
    static final Script SHED = onBucket("shed.lua");
    public static final Script CLOSE = onBucket("close.lua");

    private LockScripts() {}

    private static Script onBucket(String resource) {
        return Script.load(LockScripts.class, "bucket.lua", "rules.lua", resource);
    }

    private static Script onBucketClearing(String resource) {
        return Script.load(LockScripts.class, "bucket.lua", "rules.lua", "clearing.lua", resource);
    }

    /**
     * A script whose most frequent cases are handled in {@code name-first.lua}, before the functions that the other
     * cases need are created.
     */
    private static Script onBucketFirst(String name) {
        return Script.load(LockScripts.class, "bucket.lua", name + "-first.lua", "rules.lua", name + ".lua");
    }
}
