package io.floodlock.runtime.queue.context;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries the current span of the application's OpenTelemetry as W3C Trace Context, so that spans of the body belong to
 * the caller's trace. It makes no span, and needs no global instance. Baggage does not travel.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
final class TraceCarrier implements Carrier {

    private static final String PARENT = "traceparent";
    private static final String STATE = "tracestate";

    /** Version, trace id, span id, flags: two, 32, 16 and two hexadecimal digits. */
    private static final int PARTS = 4;

    private final MethodHandle current;
    private final MethodHandle context;
    private final MethodHandle isValid;
    private final MethodHandle traceId;
    private final MethodHandle spanId;
    private final MethodHandle flags;
    private final MethodHandle flagsText;
    private final MethodHandle flagsOf;
    private final MethodHandle state;
    private final MethodHandle stateMap;
    private final MethodHandle builder;
    private final MethodHandle put;
    private final MethodHandle build;
    private final MethodHandle remote;
    private final MethodHandle wrap;
    private final MethodHandle makeCurrent;
    private final MethodHandle close;

    /** @throws ReflectiveOperationException if the loader sees no OpenTelemetry */
    TraceCarrier(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> span = type("io.opentelemetry.api.trace.Span", loader);
        Class<?> spanContext = type("io.opentelemetry.api.trace.SpanContext", loader);
        Class<?> traceFlags = type("io.opentelemetry.api.trace.TraceFlags", loader);
        Class<?> traceState = type("io.opentelemetry.api.trace.TraceState", loader);
        Class<?> stateBuilder = type("io.opentelemetry.api.trace.TraceStateBuilder", loader);
        Class<?> scope = type("io.opentelemetry.context.Scope", loader);
        current = LibraryMethods.statik(span, "current", span);
        context = LibraryMethods.virtual(span, "getSpanContext", spanContext);
        isValid = LibraryMethods.virtual(spanContext, "isValid", boolean.class);
        traceId = LibraryMethods.virtual(spanContext, "getTraceId", String.class);
        spanId = LibraryMethods.virtual(spanContext, "getSpanId", String.class);
        flags = LibraryMethods.virtual(spanContext, "getTraceFlags", traceFlags);
        flagsText = LibraryMethods.virtual(traceFlags, "asHex", String.class);
        flagsOf = LibraryMethods.statik(traceFlags, "fromHex", traceFlags, CharSequence.class, int.class);
        state = LibraryMethods.virtual(spanContext, "getTraceState", traceState);
        stateMap = LibraryMethods.virtual(traceState, "asMap", Map.class);
        builder = LibraryMethods.statik(traceState, "builder", stateBuilder);
        put = LibraryMethods.virtual(stateBuilder, "put", stateBuilder, String.class, String.class);
        build = LibraryMethods.virtual(stateBuilder, "build", traceState);
        remote = LibraryMethods.statik(
                spanContext, "createFromRemoteParent", spanContext, String.class, String.class, traceFlags, traceState);
        wrap = LibraryMethods.statik(span, "wrap", span, spanContext);
        makeCurrent = LibraryMethods.virtual(span, "makeCurrent", scope);
        close = LibraryMethods.virtual(scope, "close", void.class);
    }

    private static Class<?> type(String name, ClassLoader loader) throws ClassNotFoundException {
        return Class.forName(name, false, loader);
    }

    @Override
    public String name() {
        return "trace";
    }

    @Override
    public Map<String, String> capture() {
        Object here = LibraryMethods.call(context, LibraryMethods.call(current));
        if (!(boolean) LibraryMethods.call(isValid, here)) {
            return null;
        }
        Map<String, String> captured = new HashMap<>();
        captured.put(
                PARENT,
                "00-" + LibraryMethods.call(traceId, here) + "-" + LibraryMethods.call(spanId, here) + "-"
                        + LibraryMethods.call(flagsText, LibraryMethods.call(flags, here)));
        List<String> entries = new ArrayList<>();
        ((Map<?, ?>) LibraryMethods.call(stateMap, LibraryMethods.call(state, here)))
                .forEach((vendor, value) -> entries.add(vendor + "=" + value));
        if (!entries.isEmpty()) {
            captured.put(STATE, String.join(",", entries));
        }
        return captured;
    }

    @Override
    public Runnable restore(Map<String, String> captured) {
        String[] parent = captured.getOrDefault(PARENT, "").split("-", -1);
        if (parent.length != PARTS) {
            return () -> {};
        }
        Object made = LibraryMethods.call(
                remote,
                parent[1],
                parent[2],
                LibraryMethods.call(flagsOf, parent[3], 0),
                state(captured.getOrDefault(STATE, "")));
        Object scope = LibraryMethods.call(makeCurrent, LibraryMethods.call(wrap, made));
        return () -> LibraryMethods.call(close, scope);
    }

    private Object state(String text) {
        Object made = LibraryMethods.call(builder);
        List<String> entries = new ArrayList<>(List.of(text.split(",")));
        // each entry is put before those that are there
        Collections.reverse(entries);
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals > 0) {
                LibraryMethods.call(put, made, entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return LibraryMethods.call(build, made);
    }
}
