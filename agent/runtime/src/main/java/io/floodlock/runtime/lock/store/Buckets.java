package io.floodlock.runtime.lock.store;

import java.util.List;

/** How names are spread over the store's buckets; the same in all JVMs of a namespace. Immutable. */
public interface Buckets {

    Bucket bucketOf(String name);

    /** In the order in which an acquisition takes keys of several. */
    List<? extends Bucket> all();
}
