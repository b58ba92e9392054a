package io.floodlock.runtime.queue.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.ContextCarrier;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the libraries' own classes. */
class CallContextTest {

    private static final ThreadLocal<String> TENANT = new ThreadLocal<>();

    /** Of the application. */
    public static final class Tenant implements ContextCarrier {
        @Override
        public String name() {
            return "tenant";
        }

        @Override
        public Map<String, String> capture() {
            return TENANT.get() == null ? Map.of() : Map.of("id", TENANT.get());
        }

        @Override
        public Runnable restore(Map<String, String> captured) {
            String before = TENANT.get();
            TENANT.set(captured.get("id"));
            return () -> TENANT.set(before);
        }
    }

    /** Of the application too. */
    public static final class Broken implements ContextCarrier {
        @Override
        public String name() {
            return "broken";
        }

        @Override
        public Map<String, String> capture() {
            throw new IllegalStateException("no context today");
        }

        @Override
        public Runnable restore(Map<String, String> captured) {
            throw new IllegalStateException("none to restore");
        }
    }

    @TempDir
    private Path services;

    private CallContext context;

    @BeforeEach
    void application() throws IOException {
        Path file = services.resolve("META-INF/services/" + ContextCarrier.class.getName());
        Files.createDirectories(file.getParent());
        Files.writeString(file, Broken.class.getName() + "\n" + Tenant.class.getName() + "\n");
        URL[] urls = {services.toUri().toURL()};
        context = new CallContext(new URLClassLoader(urls, CallContextTest.class.getClassLoader()));
    }

    @AfterEach
    void leaveNothing() {
        TENANT.remove();
    }

    @Test
    void aThreadWithoutContextCarriesNothing() {
        assertEquals(Map.of(), context.capture());
    }

    @Test
    void aCarrierOfTheApplicationIsUsedAndOneThatFailsIsLeftOut() {
        TENANT.set("blue");
        Map<String, Map<String, String>> captured = context.capture();
        assertEquals(Map.of("app:tenant", Map.of("id", "blue")), captured);

        TENANT.set("red");
        try (CallContext.Established established = context.establish(captured)) {
            assertEquals("blue", TENANT.get());
        }
        assertEquals("red", TENANT.get());
        try (CallContext.Established established = context.establish(Map.of("app:broken", Map.of("a", "b")))) {
            assertEquals("red", TENANT.get());
        }
    }

    @Test
    void aSpanIsTheParentOfWhatTheBodyDoes() {
        SpanContext caller = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.builder().put("second", "2").put("first", "1").build());
        Map<String, Map<String, String>> captured;
        try (Scope scope = Span.wrap(caller).makeCurrent()) {
            captured = context.capture();
        }
        assertEquals(
                Map.of(
                        "traceparent",
                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "tracestate",
                        "first=1,second=2"),
                captured.get("trace"));
        assertFalse(Span.current().getSpanContext().isValid());

        try (CallContext.Established established = context.establish(captured)) {
            SpanContext parent = Span.current().getSpanContext();
            assertEquals(caller.getTraceId(), parent.getTraceId());
            assertEquals(caller.getSpanId(), parent.getSpanId());
            assertTrue(parent.isSampled());
            assertTrue(parent.isRemote());
            assertEquals(caller.getTraceState().asMap(), parent.getTraceState().asMap());
        }
        assertFalse(Span.current().getSpanContext().isValid());
    }

    /** What Redis returns is not trusted. */
    @Test
    void aSpanThatIsNoneIsIgnored() {
        for (String parent : new String[] {"", "00", "a-b-c", "00-x-y-z", "00-0-0-0", "---"}) {
            try (CallContext.Established established =
                    context.establish(Map.of("trace", Map.of("traceparent", parent, "tracestate", "=,,a=")))) {
                assertFalse(Span.current().getSpanContext().isValid(), parent);
            }
        }
    }

    @Test
    void aContextThatIsTooLargeStaysHere() {
        TENANT.set("b".repeat(9_000));
        assertEquals(Map.of(), context.capture());
        TENANT.set("b".repeat(8_000));
        assertEquals(1, context.capture().size());
    }

    /** A loader without the libraries, as most applications lack one of them. */
    @Test
    void withoutLibrariesNothingIsCarried() {
        TENANT.set("blue");
        CallContext bare = new CallContext(new ClassLoader(null) {});
        assertEquals(Map.of(), bare.capture());
        try (CallContext.Established established = bare.establish(Map.of("app:tenant", Map.of("id", "green")))) {
            assertEquals("blue", TENANT.get());
        }
        TENANT.remove();
        assertNull(TENANT.get());
    }
}
