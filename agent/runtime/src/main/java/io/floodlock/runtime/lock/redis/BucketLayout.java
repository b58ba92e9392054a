package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.lock.store.Buckets;
import io.floodlock.runtime.lock.store.GrantEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;

/**
 * The buckets of one namespace in Redis, and the rule that maps each name to its bucket: one bucket on a single
 * server, 64 in a cluster, chosen by the CRC32 of the name. All JVMs of a namespace must use the same layout, or they
 * would not exclude each other; {@link #check} makes sure of that. {@code RedisLockStore} makes it, and
 * {@code BucketSession} checks it again before it opens a session. Thread-safe.
 */
public final class BucketLayout implements Buckets {

    /** The version of the format of everything that the lock scripts store and push. */
    public static final int VERSION = 7;

    private static final int CLUSTER_BUCKETS = 64;

    private final RedisNode node;
    private final List<RedisBucket> buckets = new ArrayList<>();

    public BucketLayout(RedisNode node, GrantEvents events, Runnable renewNow, boolean cluster) {
        this.node = node;
        for (int i = 0; i < (cluster ? CLUSTER_BUCKETS : 1); i++) {
            buckets.add(new RedisBucket(node, events, renewNow, this, i));
        }
    }

    @Override
    public RedisBucket bucketOf(String name) {
        if (buckets.size() == 1) {
            return buckets.get(0);
        }
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return buckets.get((int) (crc.getValue() % buckets.size()));
    }

    @Override
    public List<RedisBucket> all() {
        return buckets;
    }

    /**
     * Compares this layout with the one that Redis stores for the namespace, storing this one if there is none. Fails
     * with UNAVAILABLE if the two differ.
     */
    public CompletableFuture<Void> check() {
        String mine = VERSION + " " + buckets.size();
        return node.redis().run(LockScripts.LAYOUT, node.layoutKey(), mine).thenAccept(fields -> {
            String theirs = new LockReply(fields).text(0);
            if (!theirs.equals(mine)) {
                throw Failure.UNAVAILABLE.because("Locks of namespace '" + node.namespace() + "' in Redis at "
                        + node.redis().address() + " have the layout (version, buckets) " + theirs
                        + ", this JVM uses " + mine
                        + ". JVMs with different layouts would not exclude each other. Use the same Floodlock version"
                        + " and Redis topology in all JVMs, or another floodlock.namespace.");
            }
        });
    }
}
