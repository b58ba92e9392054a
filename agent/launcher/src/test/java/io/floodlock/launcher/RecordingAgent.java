package io.floodlock.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;

/** The shipped jar with one thing more: an entry that runs the weaver for a runtime that writes down what it is asked. */
final class RecordingAgent {

    private static final Path TEST_CLASSES = Path.of("target/test-classes").toAbsolutePath();

    private RecordingAgent() {}

    static String option() {
        return "-javaagent:" + Built.JAR;
    }

    /** Made once per JVM. */
    private static final class Built {
        private static final Path JAR = build();
    }

    private static Path build() {
        Path target = Path.of(
                        "target/recording-agent-" + ProcessHandle.current().pid() + ".jar")
                .toAbsolutePath();
        try (JarFile shipped = new JarFile(ShippedJar.path().toFile())) {
            Manifest manifest = new Manifest(shipped.getManifest());
            manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), TestPremain.class.getName());
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(target), manifest)) {
                out.setLevel(Deflater.BEST_SPEED);
                for (ZipEntry entry : shipped.stream()
                        .filter(each -> !each.getName().equals(JarFile.MANIFEST_NAME))
                        .toList()) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    try (InputStream in = shipped.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                }
                add(
                        out,
                        "io/floodlock/launcher/TestPremain.class",
                        TEST_CLASSES.resolve("io/floodlock/launcher/TestPremain.class"));
                for (Path file : files(TEST_CLASSES.resolve("io/floodlock/launcher/recording"))) {
                    add(out, "agent/" + slashes(TEST_CLASSES.relativize(file)) + "data", file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    private static void add(JarOutputStream out, String name, Path file) throws IOException {
        out.putNextEntry(new ZipEntry(name));
        Files.copy(file, out);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .sorted()
                    .toList();
        }
    }

    private static String slashes(Path path) {
        return path.toString().replace('\\', '/');
    }
}
