package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the shipped jar contains, and where. */
class PackagingIT {

    private JarFile jar;

    @BeforeEach
    void open() throws IOException {
        jar = new JarFile(ShippedJar.path().toFile());
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    @Test
    void onlyTheTwoLauncherClassesCanBeLoadedByOthers() {
        assertEquals(
                Set.of("io/floodlock/launcher/Premain.class", "io/floodlock/launcher/AgentClassLoader.class"),
                entries().stream().filter(name -> name.endsWith(".class")).collect(Collectors.toSet()));
    }

    @Test
    void allElseIsUnderThePrefixOrMetaInf() {
        Set<String> strays = entries().stream()
                .filter(name -> !name.endsWith("/"))
                .filter(name -> !name.startsWith("agent/") && !name.startsWith("META-INF/"))
                .filter(name -> !name.startsWith("io/floodlock/launcher/"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), strays);
    }

    @Test
    void carriesWhatTheAgentNeeds() {
        for (String name : new String[] {
            "agent/io/floodlock/runtime/call/spec/AgentRuntime.classdata",
            "agent/io/floodlock/weaver/Start.classdata",
            "agent/io/floodlock/weaver/load/FloodlockDispatcher.bytes",
            "agent/io/floodlock/LockTimeoutException.classdata",
            "agent/org/redisson/Redisson.classdata",
            "agent/picocli/CommandLine.classdata",
            "agent/io/netty/channel/Channel.classdata",
            "agent/META-INF/services/org.slf4j.spi.SLF4JServiceProvider",
            "agent/org/aspectj/weaver/patterns/PatternParser.classdata",
            "META-INF/licenses/aspectjweaver/LICENSE-AspectJ.adoc",
            "META-INF/licenses/aspectjweaver/LICENSE-EPL-2.0.txt",
            "META-INF/licenses/redisson/LICENSE.txt",
            "META-INF/licenses/slf4j-api/LICENSE.txt",
            "META-INF/licenses/kryo/LICENSE",
            "META-INF/licenses/byte-buddy/ASM",
            "META-INF/LICENSE",
            "META-INF/NOTICE"
        }) {
            assertNotNull(jar.getEntry(name), name);
        }
    }

    @Test
    void carriesNeitherSignaturesNorModuleDescriptors() {
        assertEquals(
                Set.of(),
                entries().stream()
                        .filter(name -> name.endsWith(".SF")
                                || name.endsWith(".RSA")
                                || name.endsWith(".DSA")
                                || name.contains("module-info")
                                || name.endsWith("INDEX.LIST"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void theManifestNamesPremainAndNothingOnTheBootClassPath() throws IOException {
        Attributes manifest = jar.getManifest().getMainAttributes();
        assertEquals("io.floodlock.launcher.Premain", manifest.getValue("Premain-Class"));
        assertEquals("io.floodlock.launcher.Premain", manifest.getValue("Main-Class"));
        assertEquals("true", manifest.getValue("Can-Retransform-Classes"));
        assertEquals("true", manifest.getValue("Can-Redefine-Classes"));
        assertNull(manifest.getValue("Boot-Class-Path"));
        assertNull(manifest.getValue("Agent-Class"));
    }

    @Test
    void leavesOutAspectJsOwnWeaverAndAgent() {
        assertEquals(
                Set.of(),
                entries().stream()
                        .filter(name -> name.startsWith("agent/org/aspectj/apache/bcel/")
                                || name.startsWith("agent/org/aspectj/weaver/loadtime/")
                                || name.startsWith("agent/aj/"))
                        .filter(name -> !name.endsWith("/"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void leavesOutTheAnnotationProcessor() {
        assertEquals(
                Set.of(),
                entries().stream()
                        .filter(name -> name.startsWith("agent/io/floodlock/processor/")
                                || name.endsWith("/javax.annotation.processing.Processor"))
                        .filter(name -> !name.endsWith("/"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void isAtMostTwentyMegabytes() throws IOException {
        long size = Files.size(ShippedJar.path());
        assertTrue(size <= 20_000_000, size + " bytes");
        assertFalse(size < 1_000_000, size + " bytes");
    }

    private Set<String> entries() {
        return jar.stream().map(entry -> entry.getName()).collect(Collectors.toCollection(TreeSet::new));
    }
}
