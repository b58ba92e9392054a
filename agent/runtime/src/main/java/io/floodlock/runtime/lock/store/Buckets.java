package io.floodlock.runtime.lock.store;

import java.util.List;

/**
 * Maps names to the store's buckets, in the same way in all JVMs of a namespace. {@link LockStore} returns it once
 * connected. Immutable.
 */
public interface Buckets {

    Bucket bucketOf(String name);

    /** All buckets, in the order in which an acquisition takes keys of several buckets. */
    List<? extends Bucket> all();
}
