package io.floodlock.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Compiles what a test needs outside its own class path, for the oldest JVM that the agent runs on. */
final class Sources {

    private final Path folder;
    private final List<String> arguments =
            new ArrayList<>(List.of("--release", "17", "-parameters", "-Xlint:none", "-proc:none"));

    Sources(Path folder) {
        this.folder = folder;
    }

    /** @param path as {@code com/example/Main.java} */
    Sources add(String path, String text) {
        Path file = folder.resolve("src").resolve(path);
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        arguments.add(file.toString());
        return this;
    }

    Sources with(String... options) {
        arguments.addAll(List.of(options));
        return this;
    }

    /** The folder of the classes. */
    Path compile() {
        Path classes = folder.resolve("classes");
        arguments.add("-d");
        arguments.add(classes.toString());
        int status = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        if (status != 0) {
            throw new IllegalStateException("javac failed: " + arguments);
        }
        return classes;
    }

    /** A jar of those files of a folder whose path begins so. */
    static void jar(Path jar, Path classes, String prefix) {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = classes.relativize(file).toString().replace('\\', '/');
                if (name.startsWith(prefix)) {
                    out.putNextEntry(new ZipEntry(name));
                    Files.copy(file, out);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A jar of the classes, with those attributes in its manifest: name, value, name, value. */
    Path jar(String... attributes) {
        Path classes = compile();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        for (int i = 0; i < attributes.length; i += 2) {
            manifest.getMainAttributes().put(new Attributes.Name(attributes[i]), attributes[i + 1]);
        }
        Path jar = folder.resolve("compiled.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return jar;
    }
}
