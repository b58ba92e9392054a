package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.store.Buckets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which every JVM acquires several keys of one call: by bucket, then by the UTF-8 bytes of the name.
 * {@code Acquisition} sorts its keys by it. Because all JVMs use this order, two such calls never wait for each other.
 * Nested calls are outside this guarantee; see {@code InversionDetector}.
 */
final class AcquisitionOrder {

    private AcquisitionOrder() {}

    /** Each name once, with the stronger of its modes. */
    static List<LockRequest> distinct(List<LockRequest> requests) {
        if (requests.size() == 1) {
            return requests;
        }
        Map<String, LockRequest> byName = new LinkedHashMap<>();
        for (LockRequest request : requests) {
            byName.merge(request.name(), request, (a, b) -> a.mode() == LockMode.EXCLUSIVE ? a : b);
        }
        return List.copyOf(byName.values());
    }

    /** Sorted by (bucket, bytes of the name). */
    static List<LockRequest> sorted(List<LockRequest> distinct, Buckets buckets) {
        if (distinct.size() == 1) {
            return distinct;
        }
        List<LockRequest> sorted = new ArrayList<>(distinct);
        sorted.sort((a, b) -> compare(a.name(), b.name(), buckets));
        return sorted;
    }

    static int compare(String a, String b, Buckets buckets) {
        int byBucket = buckets.all().size() == 1
                ? 0
                : Integer.compare(
                        buckets.bucketOf(a).index(), buckets.bucketOf(b).index());
        return byBucket != 0 ? byBucket : compareBytes(a, b);
    }

    /** Compares as the UTF-8 bytes of the names would compare, which is the order of their code points. */
    static int compareBytes(String a, String b) {
        int common = Math.min(a.length(), b.length());
        for (int i = 0; i < common; i++) {
            if (a.charAt(i) != b.charAt(i)) {
                return Integer.compare(a.codePointAt(i), b.codePointAt(i));
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
