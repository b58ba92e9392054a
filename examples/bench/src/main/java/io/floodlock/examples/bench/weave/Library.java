package io.floodlock.examples.bench.weave;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Class files of the libraries of a web application, together with its only own class, and a loader that can load
 * them.
 *
 * @param classes by internal name, in the order of their jars
 */
record Library(Map<String, byte[]> classes, ClassLoader loader) {

    private static final List<String> JARS = List.of("spring-", "tomcat-embed", "jackson-", "HikariCP", "postgresql-");

    /** Reads the libraries on this JVM's class path. */
    static Library read() throws IOException {
        List<Path> jars = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(entry -> JARS.stream().anyMatch(entry.getFileName().toString()::startsWith))
                .toList();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile(), false)) {
                for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                    String name = entry.getName();
                    if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("-info.class")) {
                        classes.put(
                                name.substring(0, name.length() - ".class".length()),
                                file.getInputStream(entry).readAllBytes());
                    }
                }
            }
        }
        try (InputStream file = WebApp.class.getResourceAsStream("WebApp.class")) {
            classes.put(WebApp.class.getName().replace('.', '/'), file.readAllBytes());
        }
        return new Library(classes, new URLClassLoader(urls(jars), ClassLoader.getPlatformClassLoader()));
    }

    private static URL[] urls(List<Path> jars) {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars) {
            try {
                urls.add(jar.toUri().toURL());
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }
        return urls.toArray(URL[]::new);
    }
}
