package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.weaver.Installer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which package may use which, read from the class files. */
class ArchitectureTest {

    private static final String RUNTIME = "io.floodlock.runtime.";

    /** A package of the runtime uses only packages of a lower level; so there are no cycles either. */
    private static final Map<String, Integer> LEVELS = Map.ofEntries(
            Map.entry("failure", 0),
            Map.entry("event", 0),
            Map.entry("config", 0),
            Map.entry("thread", 0),
            Map.entry("key", 1),
            Map.entry("jdbc", 1),
            Map.entry("redis", 1),
            Map.entry("handle", 2),
            Map.entry("lock", 2),
            Map.entry("async", 3),
            Map.entry("boundary", 3),
            Map.entry("fence", 3),
            Map.entry("tx", 4),
            Map.entry("queue", 5),
            Map.entry("call", 6),
            Map.entry("tool", 7));

    private static final List<Arrow> RUNTIME_ARROWS = arrows(App.location(AgentRuntime.class));
    private static final List<Arrow> WEAVER_ARROWS = arrows(App.location(Installer.class));

    private record Arrow(String from, String to) {}

    @Test
    void arrowsInTheRuntimeRunDown() {
        Set<String> wrong = new TreeSet<>();
        for (Arrow arrow : RUNTIME_ARROWS) {
            if (arrow.to.startsWith(RUNTIME)) {
                Integer from = LEVELS.get(arrow.from.substring(RUNTIME.length()));
                Integer to = LEVELS.get(arrow.to.substring(RUNTIME.length()));
                assertTrue(from != null && to != null, arrow + ": give both packages a level in this test");
                if (to >= from) {
                    wrong.add(arrow.toString());
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void theRuntimeKnowsNothingOfBytecodeTheWeaverOrTheAnnotations() {
        assertEquals(
                Set.of(),
                targets(RUNTIME_ARROWS, "net\\.bytebuddy.*|org\\.objectweb.*|io\\.floodlock(?!\\.runtime\\.).*"));
    }

    @Test
    void theWeaverUsesTheRuntimesEntryAndGroundOnlyAndNeverTheAnnotations() {
        assertEquals(
                Set.of(),
                targets(
                        WEAVER_ARROWS,
                        "io\\.floodlock(?!\\.runtime\\.(?:call|tool|config|event|thread)$|\\.weaver).*"));
    }

    @Test
    void theArrowsHaveBeenRead() {
        assertFalse(targets(RUNTIME_ARROWS, "org\\.redisson.*").isEmpty());
        assertTrue(WEAVER_ARROWS.contains(new Arrow("io.floodlock.weaver", "io.floodlock.runtime.call")));
    }

    private static Set<String> targets(List<Arrow> arrows, String pattern) {
        return arrows.stream()
                .filter(arrow -> arrow.to.matches(pattern))
                .map(Arrow::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Arrow> arrows(Path classes) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        String libraries = System.getProperty("java.class.path");
        int status = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        writer,
                        writer,
                        "--multi-release",
                        "base",
                        "--ignore-missing-deps",
                        "-verbose:package",
                        "-cp",
                        libraries,
                        classes.toString());
        assertEquals(0, status, out.toString());
        return Pattern.compile("^ +(\\S+) +-> (\\S+) .*$", Pattern.MULTILINE)
                .matcher(out.toString())
                .results()
                .map(match -> new Arrow(match.group(1), match.group(2)))
                .filter(arrow -> arrow.from.startsWith("io.floodlock."))
                .toList();
    }
}
