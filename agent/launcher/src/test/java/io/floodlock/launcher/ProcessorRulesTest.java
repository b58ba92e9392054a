package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.queue.method.BatchMethod;
import io.floodlock.runtime.queue.payload.ArgumentsCodec;
import io.floodlock.runtime.queue.payload.PayloadMapper;
import io.floodlock.runtime.queue.payload.ResultCodec;
import io.floodlock.weaver.OfflineWeaver;
import io.floodlock.weaver.explain.WeavingDecision;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent decides about queued methods as the annotation processor does. Neither may depend on the other, so the
 * tests of both read one table. This one asks the agent: first the weaver, then what links a call site.
 */
class ProcessorRulesTest {

    private static final Path TABLE =
            Path.of("..", "..", "annotations", "src", "test", "resources", "queued-methods.txt");

    /** The agent has the lookup of the woven class. */
    private static final String LOOKUP = "static Object lookup() { return java.lang.invoke.MethodHandles.lookup(); }\n";

    @TempDir
    private static Path folder;

    private static final List<Case> CASES = new ArrayList<>();
    private static Path classes;
    private static URLClassLoader loader;

    /** One case of the table; {@code agent} is empty if the agent accepts it. */
    private record Case(String title, String type, String body, String agent) {}

    @BeforeAll
    static void compile() throws IOException {
        for (String line : Files.readAllLines(TABLE)) {
            int last = CASES.size() - 1;
            if (line.startsWith("case ")) {
                CASES.add(new Case(line.substring(5), "Case" + CASES.size(), "", ""));
            } else if (line.startsWith("  ")) {
                Case at = CASES.get(last);
                String body = line.replace("@Q ", "@Queued(queue = \"q\", name = \"n\") ");
                CASES.set(last, new Case(at.title, at.type, at.body + body + "\n", ""));
            } else if (line.startsWith("error ") || line.startsWith("agent ")) {
                Case at = CASES.get(last);
                CASES.set(last, new Case(at.title, at.type, at.body, line.substring(6)));
            }
        }
        Sources sources = new Sources(folder).with("-cp", App.ANNOTATIONS.toString(), "-encoding", "UTF-8");
        for (Case each : CASES) {
            sources.add(
                    "app/" + each.type + ".java",
                    "package app; import io.floodlock.*; import java.math.*; import java.time.*; import java.util.*;"
                            + " import java.util.concurrent.*;\nclass " + each.type + " {\n" + LOOKUP + each.body
                            + "}\n");
        }
        classes = sources.compile();
        loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL(), App.ANNOTATIONS.toUri().toURL()},
                ClassLoader.getPlatformClassLoader());
    }

    @AfterAll
    static void close() throws IOException {
        loader.close();
    }

    @TestFactory
    Stream<DynamicTest> theAgentDecidesAsTheProcessorDoes() {
        return CASES.stream().map(each -> DynamicTest.dynamicTest(each.title, () -> check(each)));
    }

    private static void check(Case each) throws Exception {
        List<WeavingDecision> decisions = new ArrayList<>();
        String refusal = weave(each, decisions);
        if (refusal == null) {
            refusal = link(each, decisions);
        }
        if (each.agent.isEmpty()) {
            assertEquals(null, refusal);
        } else {
            assertNotNull(refusal, "the agent accepts it");
            assertTrue(refusal.contains(each.agent), refusal);
        }
    }

    /** Null if the weaver accepts the class and the classes in it. */
    private static String weave(Case each, List<WeavingDecision> decisions) throws IOException {
        OfflineWeaver weaver = OfflineWeaver.withoutRules(decisions::add);
        try (Stream<Path> files = Files.list(classes.resolve("app"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                if (name.equals(each.type) || name.startsWith(each.type + "$")) {
                    weaver.decide(loader, "app/" + name, Files.readAllBytes(file));
                }
            }
        }
        return decisions.stream()
                .filter(decision -> decision.outcome() == WeavingDecision.Outcome.REFUSED)
                .map(WeavingDecision::note)
                .findFirst()
                .orElse(null);
    }

    /** Null if the calls of all queued methods can be stored, and their keys be built. */
    private static String link(Case each, List<WeavingDecision> decisions) throws Exception {
        for (WeavingDecision decision : decisions) {
            for (Rule rule : decision.rules()) {
                if (rule.kind() != Kind.QUEUED) {
                    continue;
                }
                Class<?> type = Class.forName(decision.type(), false, loader);
                Method method = Stream.of(type.getDeclaredMethods())
                        .filter(one -> one.getName().equals(decision.method()))
                        .findFirst()
                        .orElseThrow();
                try {
                    ObjectMapper mapper = PayloadMapper.create();
                    new ArgumentsCodec(method, mapper);
                    new ResultCodec(method, mapper);
                    String batch =
                            rule.attributes().getOrDefault("batch", List.of("")).get(0);
                    if (!batch.isEmpty()) {
                        new BatchMethod(lookup(each), method, batch);
                    }
                    String key =
                            rule.attributes().getOrDefault("key", List.of("")).get(0);
                    if (!key.isEmpty()) {
                        List<String> names = Arrays.stream(method.getParameters())
                                .map(Parameter::getName)
                                .toList();
                        KeyTemplate.parse(key).bind(lookup(each), method, names);
                    }
                } catch (RuntimeException e) {
                    return e.getMessage();
                }
            }
        }
        return null;
    }

    private static MethodHandles.Lookup lookup(Case each) throws ReflectiveOperationException {
        Method lookup = Class.forName("app." + each.type, true, loader).getDeclaredMethod("lookup");
        lookup.setAccessible(true);
        return (MethodHandles.Lookup) lookup.invoke(null);
    }
}
