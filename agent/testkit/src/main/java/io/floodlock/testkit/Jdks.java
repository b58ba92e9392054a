package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The JDKs on which tests with forked JVMs run: the one that runs the tests, and JDK 25 if this machine has one.
 *
 * <p>JDK 25 is searched in the system property {@code floodlock.java25} (its home), in environment variables that
 * begin with {@code JAVA_HOME_25}, in Maven's {@code toolchains.xml}, and in the folders where JDKs are usually
 * installed. The result, or the fact that tests are skipped, is printed once.
 */
public final class Jdks {

    static final String PROPERTY = "floodlock.java25";

    private static final Pattern RELEASE_VERSION = Pattern.compile("JAVA_VERSION=\"(\\d+)[^\"]*\"");
    private static final Pattern TOOLCHAIN_HOME = Pattern.compile("<jdkHome>\\s*(.+?)\\s*</jdkHome>");

    private Jdks() {}

    /** The JDK that runs this code. */
    public static Jdk current() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** JDK 25, if this machine has one. */
    public static Optional<Jdk> java25() {
        return Found.JAVA_25;
    }

    /** {@link #current()} and, if it is a different one, {@link #java25()}: a source for parameterized tests. */
    public static List<Jdk> all() {
        Jdk current = current();
        return Stream.concat(Stream.of(current), java25().stream().filter(jdk -> jdk.feature() != current.feature()))
                .toList();
    }

    /** The last of {@link #all()}: for tests that take long and depend little on the JDK. */
    public static List<Jdk> newest() {
        List<Jdk> all = all();
        return all.subList(all.size() - 1, all.size());
    }

    /** Holds the result of the search, which runs once per JVM. */
    private static final class Found {
        private static final Optional<Jdk> JAVA_25 = report(find());

        private static Optional<Jdk> report(Optional<Jdk> found) {
            System.out.println(found.map(jdk -> "testkit: tests also run on " + jdk)
                    .orElse("testkit: SKIPPED on JDK 25: none found by property " + PROPERTY
                            + ", JAVA_HOME_25*, Maven's toolchains.xml or in the usual folders"));
            return found;
        }
    }

    private static Optional<Jdk> find() {
        String named = System.getProperty(PROPERTY);
        if (named != null && !named.isBlank()) {
            return Optional.of(read(Path.of(named))
                    .filter(jdk -> jdk.feature() == 25)
                    .orElseThrow(() -> new IllegalStateException("-D" + PROPERTY + "=" + named
                            + " is not the home of a JDK 25: set it to one, or leave it out")));
        }
        return Stream.of(environment(), toolchains(), usualFolders())
                .flatMap(List::stream)
                .flatMap(home -> read(home).stream())
                .filter(jdk -> jdk.feature() == 25)
                .findFirst();
    }

    private static List<Path> environment() {
        return System.getenv().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith("JAVA_HOME_25"))
                .map(variable -> Path.of(variable.getValue()))
                .toList();
    }

    private static List<Path> toolchains() {
        Path file = userHome().resolve(".m2/toolchains.xml");
        if (!Files.isReadable(file)) {
            return List.of();
        }
        Matcher home = TOOLCHAIN_HOME.matcher(text(file));
        return home.results().map(result -> Path.of(result.group(1))).toList();
    }

    private static List<Path> usualFolders() {
        List<Path> homes = new ArrayList<>();
        for (Path parent : List.of(
                Path.of("/usr/lib/jvm"),
                Path.of("/usr/java"),
                Path.of("/opt"),
                Path.of("/opt/java"),
                Path.of("/Library/Java/JavaVirtualMachines"),
                userHome().resolve(".sdkman/candidates/java"),
                userHome().resolve(".jdks"))) {
            for (Path home : children(parent)) {
                homes.add(home);
                homes.add(home.resolve("Contents/Home"));
            }
        }
        return homes;
    }

    private static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Every JDK states its version in the file "release"; running the launcher would cost a JVM start per candidate.
     */
    private static Optional<Jdk> read(Path home) {
        Path release = home.resolve("release");
        if (!Files.isReadable(release) || !Files.isExecutable(home.resolve("bin/java"))) {
            return Optional.empty();
        }
        Matcher version = RELEASE_VERSION.matcher(text(release));
        return version.find() ? Optional.of(new Jdk(home, Integer.parseInt(version.group(1)))) : Optional.empty();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    private static Path userHome() {
        return Path.of(System.getProperty("user.home"));
    }
}
