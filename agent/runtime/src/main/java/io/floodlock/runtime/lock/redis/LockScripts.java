package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.redis.command.Script;

/** The scripts of the lock engine; each file says what it takes, answers and keeps. */
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

    /** One whose commonest cases are done before all that the others need. */
    private static Script onBucketFirst(String name) {
        return Script.load(LockScripts.class, "bucket.lua", name + "-first.lua", "rules.lua", name + ".lua");
    }
}
