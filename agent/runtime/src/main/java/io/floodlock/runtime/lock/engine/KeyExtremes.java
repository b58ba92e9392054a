package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.store.Buckets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The least and the greatest key of each form, in every order that {@link InversionDetector} knows. These few keys
 * show whether any of many keys goes up or down to another key. Used by one thread at a time.
 */
final class KeyExtremes {

    /** Further forms are ignored: the keys of one call rarely have more than three forms. */
    private static final int MOST_FORMS = 16;

    private final Buckets names;
    private final Map<String, LockRequest[]> byForm = new LinkedHashMap<>();

    KeyExtremes(Buckets names) {
        this.names = names;
    }

    static KeyExtremes of(List<LockRequest> requests, Buckets names) {
        KeyExtremes extremes = new KeyExtremes(names);
        requests.forEach(extremes::add);
        return extremes;
    }

    void add(LockRequest request) {
        LockRequest[] known = byForm.get(request.form());
        if (known == null) {
            if (byForm.size() < MOST_FORMS) {
                LockRequest[] all = new LockRequest[2 * InversionDetector.ORDERS];
                Arrays.fill(all, request);
                byForm.put(request.form(), all);
            }
            return;
        }
        for (int order = 0; order < InversionDetector.ORDERS; order++) {
            if (InversionDetector.compare(order, request.name(), known[2 * order].name(), names) < 0) {
                known[2 * order] = request;
            }
            if (InversionDetector.compare(order, request.name(), known[2 * order + 1].name(), names) > 0) {
                known[2 * order + 1] = request;
            }
        }
    }

    /**
     * Calls {@code action} with each at least once. It skips only immediate repetitions: one key is often several of
     * the extremes.
     */
    void forEach(Consumer<LockRequest> action) {
        for (LockRequest[] ofForm : byForm.values()) {
            LockRequest last = null;
            for (LockRequest request : ofForm) {
                if (request != last) {
                    action.accept(request);
                    last = request;
                }
            }
        }
    }
}
