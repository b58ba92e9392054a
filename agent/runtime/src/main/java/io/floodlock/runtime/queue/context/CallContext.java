package io.floodlock.runtime.queue.context;

import io.floodlock.runtime.queue.record.CallRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a call of one class loader's methods takes along of its caller's thread: the MDC, the span, and what the
 * application's carriers know. A carrier that fails is left out and named in the log once; it never fails a call.
 * {@code QueueSite} has one. Thread-safe.
 */
public final class CallContext {

    private static final Logger log = LoggerFactory.getLogger(CallContext.class);

    private final ClassLoader loader;
    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private volatile List<Carrier> carriers;

    /** Looks for the libraries at the first call. */
    public CallContext(ClassLoader loader) {
        this.loader = loader;
    }

    /** The context of this thread: by the carriers' names, their texts. */
    public Map<String, Map<String, String>> capture() {
        Map<String, Map<String, String>> all = Map.of();
        for (Carrier carrier : carriers()) {
            try {
                Map<String, String> captured = carrier.capture();
                if (captured != null && !captured.isEmpty()) {
                    all = all.isEmpty() ? new HashMap<>() : all;
                    all.put(carrier.name(), Map.copyOf(captured));
                }
            } catch (RuntimeException | LinkageError e) {
                failed(carrier.name(), "could not be captured, so calls travel without it", e);
            }
        }
        int size = CallRecord.contextWeight(all);
        if (size <= CallRecord.LONGEST_CONTEXT) {
            return all;
        }
        failed(
                "",
                "takes " + size + " bytes, more than " + CallRecord.LONGEST_CONTEXT + ", so calls travel without it",
                null);
        return Map.of();
    }

    /**
     * Establishes a context on this thread.
     *
     * @return to be closed on this thread: restores what was there before
     */
    public Established establish(Map<String, Map<String, String>> captured) {
        Deque<Runnable> undo = new ArrayDeque<>();
        if (!captured.isEmpty()) {
            for (Carrier carrier : carriers()) {
                Map<String, String> texts = captured.get(carrier.name());
                if (texts != null) {
                    guarded(carrier.name(), () -> undo.push(carrier.restore(texts)));
                }
            }
        }
        return () -> undo.forEach(one -> guarded("", one));
    }

    /** A context on a thread. */
    public interface Established extends AutoCloseable {
        @Override
        void close();
    }

    private void guarded(String carrier, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | LinkageError e) {
            failed(carrier, "could not be restored, so bodies run without it", e);
        }
    }

    private void failed(String carrier, String what, Throwable why) {
        if (told.add(carrier + what)) {
            log.warn("The context{} of a queued call {}", carrier.isEmpty() ? "" : " '" + carrier + "'", what, why);
        }
    }

    private List<Carrier> carriers() {
        List<Carrier> known = carriers;
        if (known == null) {
            known = find();
            carriers = known;
        }
        return known;
    }

    private interface Finder {
        List<Carrier> find() throws ReflectiveOperationException;
    }

    private List<Carrier> find() {
        List<Carrier> found = new ArrayList<>();
        add(found, () -> List.of(new MdcCarrier(loader)));
        add(found, () -> List.of(new TraceCarrier(loader)));
        add(found, () -> GivenCarrier.all(loader));
        return List.copyOf(found);
    }

    private void add(List<Carrier> found, Finder finder) {
        try {
            found.addAll(finder.find());
        } catch (ReflectiveOperationException absent) {
            log.debug("A context does not travel with queued calls", absent);
        } catch (RuntimeException | Error e) {
            // a provider of the application's, or a library on the module path
            failed("", "could not be looked for, so calls travel without it", e);
        }
    }
}
