package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.runtime.queue.payload.ArgumentsCodec;
import io.floodlock.runtime.queue.payload.PayloadMapper;
import io.floodlock.runtime.queue.payload.ResultCodec;
import io.floodlock.weaver.OfflineWeaver;
import io.floodlock.weaver.explain.WeavingDecision;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The codec bridges the changes of messages that the annotation processor lets pass, and no stored call becomes a wrong
 * one by those that it refuses. The tests of both read one table.
 */
class MessageChangesTest {

    private static final Path TABLE =
            Path.of("..", "..", "annotations", "src", "test", "resources", "message-changes.txt");
    private static final String HEAD = "package app; import io.floodlock.*; import java.math.*; import java.util.*;"
            + " import java.util.concurrent.*;\n";

    /** The arguments and results of a call by its name, as the release makes them. */
    private static final Map<String, String> RESULTS = Map.of("orders/place", "placed", "orders/drop", "dropped");

    @TempDir
    private static Path folder;

    private static final List<Change> CHANGES = new ArrayList<>();
    private static String before = "";
    private static Version release;

    /** @param codec {@code passes}, or what the codec makes of a stored call that the processor refuses */
    private record Change(String title, String from, String to, String codec) {}

    /** One version of the application's class, with its queued methods by queue and name. */
    private record Version(ClassLoader loader, Map<String, Method> methods) {}

    @BeforeAll
    static void compileRelease() throws Exception {
        StringBuilder body = new StringBuilder();
        StringBuilder calls = new StringBuilder();
        StringBuilder read = body;
        for (String line : Files.readAllLines(TABLE)) {
            int last = CHANGES.size() - 1;
            String rest = line.substring(Math.min(line.length(), line.indexOf(' ') + 1));
            if (line.equals("calls")) {
                read = calls;
            } else if (line.startsWith("  ")) {
                read.append(line.substring(2)).append('\n');
            } else if (line.startsWith("change ")) {
                CHANGES.add(new Change(rest, "", "", "passes"));
            } else if (line.startsWith("from ")) {
                CHANGES.set(last, new Change(CHANGES.get(last).title, rest, "", "passes"));
            } else if (line.startsWith("to ")) {
                CHANGES.set(last, new Change(CHANGES.get(last).title, CHANGES.get(last).from, rest, "passes"));
            } else if (line.startsWith("error ") || line.startsWith("codec ")) {
                String codec = line.startsWith("error ") ? "refuses" : rest;
                CHANGES.set(
                        last, new Change(CHANGES.get(last).title, CHANGES.get(last).from, CHANGES.get(last).to, codec));
            }
        }
        before = body.toString();
        release = version("release", before, calls.toString());
    }

    @TestFactory
    Stream<DynamicTest> storedCallsAreReadAsTheProcessorSays() {
        return CHANGES.stream().map(change -> DynamicTest.dynamicTest(change.title, () -> check(change)));
    }

    private static void check(Change change) throws Exception {
        assertTrue(before.contains(change.from), change.from);
        Version next = version(Integer.toString(CHANGES.indexOf(change)), before.replace(change.from, change.to), "");
        List<Exception> refusals = new ArrayList<>();
        boolean missed = false;
        for (String call : RESULTS.keySet()) {
            Method now = next.methods.get(call);
            missed |= now == null;
            if (now != null) {
                read(call, now, refusals);
            }
        }
        switch (change.codec) {
            case "passes", "reads" -> {
                assertTrue(refusals.isEmpty(), refusals::toString);
                assertTrue(!missed);
            }
            case "refuses" -> assertTrue(refusals.size() == 1, refusals::toString);
            default -> assertTrue(missed);
        }
    }

    private static void read(String call, Method now, List<Exception> refusals) throws Exception {
        Method then = release.methods.get(call);
        ObjectMapper oldMapper = PayloadMapper.create();
        ObjectMapper newMapper = PayloadMapper.create();
        byte[] arguments = new ArgumentsCodec(then, oldMapper).encode((Object[]) made(then.getName()));
        byte[] result = new ResultCodec(then, oldMapper).encode(made(RESULTS.get(call)));
        try {
            new ArgumentsCodec(now, newMapper).decode(arguments);
            new ResultCodec(now, newMapper).decode(result);
        } catch (Exception e) {
            refusals.add(e);
        }
    }

    private static Object made(String name) throws ReflectiveOperationException {
        Method maker = Class.forName("app.Calls", true, release.loader).getDeclaredMethod(name);
        maker.setAccessible(true);
        return maker.invoke(null);
    }

    private static Version version(String name, String body, String calls) throws Exception {
        Path classes = new Sources(Files.createDirectories(folder.resolve(name)))
                .with("-cp", App.ANNOTATIONS.toString())
                .add("app/Orders.java", HEAD + "class Orders {\n" + body + "}\n")
                .add("app/Calls.java", HEAD + "class Calls {\n" + calls + "}\n")
                .compile();
        URL[] path = {classes.toUri().toURL(), App.ANNOTATIONS.toUri().toURL()};
        ClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
        return new Version(loader, methods(loader, classes));
    }

    private static Map<String, Method> methods(ClassLoader loader, Path classes)
            throws IOException, ClassNotFoundException {
        List<WeavingDecision> decisions = new ArrayList<>();
        OfflineWeaver.withoutRules(decisions::add)
                .decide(loader, "app/Orders", Files.readAllBytes(classes.resolve("app/Orders.class")));
        Map<String, Method> methods = new TreeMap<>();
        for (Method method : Class.forName("app.Orders", false, loader).getDeclaredMethods()) {
            for (WeavingDecision decision : decisions) {
                if (decision.method().equals(method.getName())) {
                    for (Rule rule : decision.rules()) {
                        assertTrue(rule.kind() == Kind.QUEUED);
                        methods.put(
                                rule.attributes().get("queue").get(0) + "/"
                                        + rule.attributes().get("name").get(0),
                                method);
                    }
                }
            }
        }
        return methods;
    }
}
