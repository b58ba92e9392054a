package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.launcher.ClassGraph.Arrow;
import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.weaver.Installer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which class may use which, read from the class files. */
class ArchitectureTest {

    private static final String OWN = "io.floodlock.";

    /** What is larger can't be read in parts. */
    private static final int LARGEST_CIRCLE = 8;

    /** From the ground up: a package uses only packages of earlier lines, so there is no circle of packages. */
    private static final List<Set<String>> LEVELS = List.of(
            Set.of(
                    "runtime.failure",
                    "runtime.event",
                    "runtime.config",
                    "runtime.thread",
                    "runtime.type",
                    "runtime.jdbc.driver",
                    "runtime.jdbc.sql",
                    "runtime.tx.name",
                    "runtime.queue.record"),
            Set.of(
                    "runtime.time",
                    "runtime.key",
                    "runtime.lock",
                    "runtime.jdbc",
                    "runtime.tx",
                    "runtime.tx.dialect",
                    "runtime.queue.context",
                    "runtime.queue.payload",
                    "runtime.redis.command"),
            Set.of(
                    "runtime.handle",
                    "runtime.async",
                    "runtime.boundary",
                    "runtime.fence",
                    "runtime.lock.store",
                    "runtime.redis.connection",
                    "runtime.tx.database",
                    "runtime.queue",
                    "runtime.queue.store"),
            Set.of(
                    "runtime.redis",
                    "runtime.lock.local",
                    "runtime.tx.transaction",
                    "runtime.queue.lane",
                    "runtime.queue.result"),
            Set.of(
                    "runtime.lock.redis",
                    "runtime.lock.scope",
                    "runtime.tx.commit",
                    "runtime.queue.redis",
                    "runtime.queue.inbox",
                    "runtime.queue.outbox",
                    "runtime.queue.produce"),
            Set.of("runtime.lock.engine", "runtime.tx.recovery", "runtime.tool", "runtime.queue.method"),
            Set.of("runtime.tx.engine", "runtime.queue.consume"),
            Set.of("runtime.queue.engine"),
            Set.of("runtime.call.spec"),
            Set.of("runtime.call.support"),
            Set.of("runtime.call.lock", "runtime.call.queued"),
            Set.of("runtime.call.boundary", "runtime.call.around"),
            Set.of("runtime.call"),
            Set.of("weaver.classfile", "weaver.log", "weaver.load", "weaver.explain"),
            Set.of("weaver.pointcut"),
            Set.of("weaver.rules", "weaver.scan"),
            Set.of("weaver.code"),
            Set.of("weaver.decision"),
            Set.of("weaver.rulebook"),
            Set.of("weaver"),
            Set.of("weaver.tool"));

    private static final ClassGraph RUNTIME = ClassGraph.of(App.location(AgentRuntime.class));
    private static final ClassGraph WEAVER = ClassGraph.of(App.location(Installer.class));
    private static final ClassGraph ANNOTATIONS = ClassGraph.of(App.ANNOTATIONS);

    @Test
    void arrowsRunDown() {
        Set<String> wrong = arrows(arrow -> arrow.to().startsWith(OWN) && level(arrow.to()) >= level(arrow.from()));
        assertEquals(Set.of(), wrong);
    }

    private static int level(String name) {
        String place = ClassGraph.packageOf(name).substring(OWN.length());
        for (int level = 0; level < LEVELS.size(); level++) {
            if (LEVELS.get(level).contains(place)) {
                return level;
            }
        }
        throw new AssertionError("give the package of " + name + " a level in this test");
    }

    @Test
    void noCircleOfClassesCrossesPackages() {
        assertEquals(
                List.of(),
                circles(circle ->
                        circle.stream().map(ClassGraph::packageOf).distinct().count() > 1));
    }

    @Test
    void circlesWithinAPackageAreSmall() {
        assertEquals(List.of(), circles(circle -> circle.size() > LARGEST_CIRCLE));
    }

    @Test
    void noTwoClassesShareTheirSimpleName() {
        Map<String, Set<String>> bySimpleName = new TreeMap<>();
        Stream.of(RUNTIME, WEAVER, ANNOTATIONS)
                .flatMap(graph -> graph.classes().stream())
                .forEach(name -> bySimpleName
                        .computeIfAbsent(name.substring(name.lastIndexOf('.') + 1), any -> new TreeSet<>())
                        .add(name));
        bySimpleName.values().removeIf(names -> names.size() == 1);
        assertEquals(Map.of(), bySimpleName);
    }

    @Test
    void theRuntimeKnowsNothingOfBytecodeTheWeaverOrTheAnnotations() {
        assertEquals(
                Set.of(),
                arrows(arrow -> arrow.from().startsWith(OWN + "runtime.")
                        && arrow.to()
                                .matches("(net\\.bytebuddy|org\\.objectweb)\\..*|io\\.floodlock\\.(?!runtime\\.).*")));
    }

    @Test
    void theWeaverUsesTheRuntimesEntryAndGroundOnlyAndNeverTheAnnotations() {
        assertEquals(
                Set.of(),
                arrows(arrow -> arrow.from().startsWith(OWN + "weaver.")
                        && arrow.to()
                                .matches(
                                        "io\\.floodlock\\.(?!weaver\\.|runtime\\.(call\\.spec|config|event|thread|tool|type)\\."
                                                + "|runtime\\.call\\.AgentRuntimes$).*")));
    }

    /** The compiler runs the processor with nothing else on its path; the API must not need it at run time. */
    @Test
    void theAnnotationsUseNothingAndTheProcessorUsesTheCompilersInterfaceOnly() {
        Set<String> wrong = ANNOTATIONS.arrows().stream()
                .filter(arrow -> !arrow.to().startsWith("java.") && !arrow.to().startsWith("javax."))
                .filter(arrow -> !ClassGraph.packageOf(arrow.from()).equals(ClassGraph.packageOf(arrow.to())))
                .map(Arrow::toString)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), wrong);
        assertTrue(ANNOTATIONS.classes().contains(OWN + "processor.FloodlockProcessor"));
    }

    @Test
    void theArrowsHaveBeenRead() {
        assertFalse(arrows(arrow -> arrow.to().startsWith("org.redisson.")).isEmpty());
        assertTrue(WEAVER.arrows().contains(new Arrow(OWN + "weaver.Installer", AgentRuntime.class.getName())));
        assertTrue(RUNTIME.classes().contains(AgentRuntime.class.getName()));
    }

    /** A control: a circle that is there is found. */
    @Test
    void aCircleIsFound() {
        ClassGraph graph = new ClassGraph();
        graph.add(OWN + "a.A", OWN + "b.B");
        graph.add(OWN + "b.B", OWN + "c.C");
        graph.add(OWN + "c.C", OWN + "a.A");
        graph.add(OWN + "d.D", OWN + "a.A");
        assertEquals(List.of(Set.of(OWN + "a.A", OWN + "b.B", OWN + "c.C")), graph.circles());
    }

    private static Set<String> arrows(Predicate<Arrow> wanted) {
        return Stream.of(RUNTIME, WEAVER)
                .flatMap(graph -> graph.arrows().stream())
                .filter(wanted)
                .map(Arrow::toString)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Set<String>> circles(Predicate<Set<String>> wanted) {
        return Stream.of(RUNTIME, WEAVER)
                .flatMap(graph -> graph.circles().stream())
                .filter(wanted)
                .toList();
    }
}
