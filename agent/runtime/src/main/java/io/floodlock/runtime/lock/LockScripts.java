package io.floodlock.runtime.lock;

import io.floodlock.runtime.redis.Script;

/** The scripts of the lock engine; each file says what it takes, answers and keeps. */
final class LockScripts {

    static final Script LAYOUT = Script.load(LockScripts.class, "layout.lua");
    static final Script OPEN = onBucket("open.lua");
    static final Script RENEW = onBucket("renew.lua");
    static final Script ACQUIRE = onBucketFirst("acquire");
    static final Script RELEASE = onBucketFirst("release");
    static final Script GO_ON = onBucket("go-on.lua");
    static final Script BUSY = onBucket("busy.lua");
    static final Script TOKENS = onBucket("tokens.lua");
    static final Script MIN_HOLD = onBucket("minhold.lua");
    static final Script RAISE = onBucket("raise.lua");
    static final Script HOLDS = onBucket("holds.lua");
    static final Script SWEEP = onBucketClearing("sweep.lua");
    static final Script CLEAR = onBucketClearing("clear.lua");
    static final Script SHED = onBucket("shed.lua");
    static final Script CLOSE = onBucket("close.lua");

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
