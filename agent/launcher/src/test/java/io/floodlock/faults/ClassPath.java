package io.floodlock.faults;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.Driver;

/** Where things are that a forked JVM is given. */
public final class ClassPath {

    private ClassPath() {}

    /** The jar or folder that this class came from. */
    public static Path of(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(type + " has no place in the file system", e);
        }
    }

    public static List<Path> jdbc() {
        return List.of(of(HikariDataSource.class), of(Driver.class), of(type("org.slf4j.Logger")));
    }

    /** That class's module, and the libraries that its build has copied beside it. */
    public static Path[] application(Class<?> type) {
        Path classes = of(type);
        try (Stream<Path> libraries = Files.list(classes.resolveSibling("libraries"))) {
            return Stream.concat(Stream.of(classes), libraries.sorted()).toArray(Path[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException("its package phase copies them", e);
        }
    }

    /** The jars that the build has copied for the tests, to that folder. */
    public static Path[] folder(String name) {
        try (Stream<Path> jars = Files.list(Path.of("target", name).toAbsolutePath())) {
            return jars.sorted().toArray(Path[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException("the build's package phase copies it", e);
        }
    }

    /** A class of a library that must not be declared here: for tests alone, it would be missing from the shipped jar. */
    public static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The shipped jar, which the package phase has built. */
    public static Path agentJar() {
        Path jar = Path.of(System.getProperty("floodlock.test.agent", "target/floodlock-agent.jar"))
                .toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(
                    jar + " is missing; run these tests with: mvn verify -pl agent/launcher -am");
        }
        return jar;
    }
}
