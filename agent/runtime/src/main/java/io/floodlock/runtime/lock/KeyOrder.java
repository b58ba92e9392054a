package io.floodlock.runtime.lock;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The one order in which every JVM takes several keys, so that no two calls wait for each other. */
final class KeyOrder {

    private KeyOrder() {}

    /** Each name once, in its strongest mode. */
    static List<LockRequest> distinct(List<LockRequest> requests) {
        if (requests.size() == 1) {
            return requests;
        }
        Map<String, LockRequest> byName = new LinkedHashMap<>();
        for (LockRequest request : requests) {
            byName.merge(request.name(), request, (a, b) -> a.mode() == Mode.EXCLUSIVE ? a : b);
        }
        return List.copyOf(byName.values());
    }

    /** By (bucket, bytes). */
    static List<LockRequest> sorted(List<LockRequest> distinct, Layout layout) {
        if (distinct.size() == 1) {
            return distinct;
        }
        return distinct.stream()
                .sorted(Comparator.<LockRequest>comparingInt(r -> layout.bucketOf(r.name()).index)
                        .thenComparing(r -> r.name().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned))
                .toList();
    }
}
