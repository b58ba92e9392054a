package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.store.Buckets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The one order in which every JVM takes several keys, so that no two calls wait for each other. */
final class AcquisitionOrder {

    private AcquisitionOrder() {}

    /** Each name once, in its strongest mode. */
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

    /** By (bucket, bytes). */
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

    /** As their UTF-8 bytes compare, which is by code points. */
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
