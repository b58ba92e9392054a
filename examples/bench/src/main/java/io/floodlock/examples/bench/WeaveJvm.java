package io.floodlock.examples.bench;

import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Starts the JVMs that run the programs of the weave bench, and builds the agents that they load. */
final class WeaveJvm {

    private WeaveJvm() {}

    /** The option that loads the agent as it is shipped. */
    static String ours() {
        return "-javaagent:" + Agent.jar();
    }

    /** Milliseconds from the start of a JVM to its end. */
    static Sample start(Class<?> main, String... options) {
        long begin = System.nanoTime();
        try (ForkedJvm jvm = ForkedJvm.main(main.getName())
                .classPath(ofAnApplication())
                .jvmArgs(options)
                .start()) {
            require(jvm);
            return Sample.of((System.nanoTime() - begin) / 1e6);
        }
    }

    /**
     * The class path without entries that an application does not have, or has in other versions: the weaver, which
     * adds the agent's SLF4J provider, and AspectJ.
     */
    private static Path[] ofAnApplication() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.contains("floodlock-weaver") && !entry.contains("aspectjweaver"))
                .map(Path::of)
                .toArray(Path[]::new);
    }

    /** The numbers in the lines that begin with {@code figures}, one array per line. */
    static double[][] figures(ForkedJvm.Builder program) {
        try (ForkedJvm jvm = program.start()) {
            require(jvm);
            return jvm.lines().stream()
                    .filter(line -> line.startsWith("figures "))
                    .map(line -> Arrays.stream(line.split(" "))
                            .skip(1)
                            .mapToDouble(Double::parseDouble)
                            .toArray())
                    .toArray(double[][]::new);
        }
    }

    private static void require(ForkedJvm jvm) {
        if (jvm.awaitExit() != 0) {
            throw new IllegalStateException("a measured program failed:\n" + jvm.output());
        }
    }

    /** A jar that contains only a manifest, which names a class of this class path as the agent. */
    static Path agentJar(Class<?> premain) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", premain.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        attributes.putValue("Can-Redefine-Classes", "true");
        Path jar = Files.createTempFile("floodlock-bench-agent-", ".jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
