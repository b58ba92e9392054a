package io.floodlock.faults.undo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** For controls: the agent as it would be without its hooks in some classes, and else the same. */
public final class UndoAgent {

    private UndoAgent() {}

    /** @param classes internal names; the option must come after the agent's */
    public static String option(String... classes) {
        return "-javaagent:" + Built.JAR + "=" + String.join(",", classes);
    }

    private static final class Built {
        private static final Path JAR = build();
    }

    private static Path build() {
        Path target = Path.of("target/undo-agent-" + ProcessHandle.current().pid() + ".jar")
                .toAbsolutePath();
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Premain-Class"), Undo.class.getName());
        attributes.put(new Attributes.Name("Can-Retransform-Classes"), "true");
        String name = Undo.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(target), manifest)) {
            out.putNextEntry(new JarEntry(name));
            out.write(Undo.class.getResourceAsStream("Undo.class").readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }
}
