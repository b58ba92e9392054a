package io.floodlock.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A JVM of its own, whose output is captured line by line (standard error included) and which dies with this one. Thread-safe.
 *
 * <pre>{@code
 * try (ForkedJvm jvm = ForkedJvm.main("com.example.Main").jvmArgs("-Xmx64m").start()) {
 *     jvm.awaitLine(line -> line.equals("ready"));
 *     jvm.kill();
 * }
 * }</pre>
 */
public final class ForkedJvm implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final Thread reader;
    private final Thread killAtExit;
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final int keep;

    /** A JVM that runs that class, with this JVM's class path unless another is given. */
    public static Builder main(String mainClass) {
        return new Builder(List.of(mainClass), true);
    }

    /** A JVM that runs that jar. */
    public static Builder jar(Path jar) {
        return new Builder(List.of("-jar", jar.toString()), false);
    }

    private ForkedJvm(Builder builder) {
        ProcessBuilder command = new ProcessBuilder(builder.command()).redirectErrorStream(true);
        command.environment().putAll(builder.environment);
        if (builder.folder != null) {
            command.directory(builder.folder.toFile());
        }
        try {
            process = command.start();
        } catch (IOException e) {
            throw new UncheckedIOException("can't start " + builder.command(), e);
        }
        keep = builder.keep;
        killAtExit = new Thread(process::destroyForcibly, "floodlock-testkit-jvm-exit");
        Runtime.getRuntime().addShutdownHook(killAtExit);
        reader = new Thread(() -> read(builder.onLine), "floodlock-testkit-jvm-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Consumer<String> onLine) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                keep(line);
                onLine.accept(line);
            }
        } catch (IOException e) {
            lines.add("(output ended: " + e.getMessage() + ")");
        }
    }

    /** Drops what is too much in large steps, as each moves the rest. */
    private void keep(String line) {
        synchronized (lines) {
            lines.add(line);
            if (lines.size() / 2 > keep) {
                lines.subList(0, lines.size() - keep).clear();
            }
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far, as much as it {@linkplain Builder#keepLines keeps}. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** All that it has printed so far, as one text. */
    public String output() {
        return String.join("\n", lines());
    }

    /** Writes a line to its standard input. */
    public void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException("JVM " + pid() + " takes no input", e);
        }
    }

    /**
     * Waits up to a minute for a line, printed before or after this call.
     *
     * @return the first line that matches
     * @throws AssertionError with the whole output, if none comes or the JVM ends without it
     */
    public String awaitLine(Predicate<String> wanted) {
        return awaitLine(wanted, LIMIT);
    }

    /** As {@link #awaitLine(Predicate)} with another limit. */
    public String awaitLine(Predicate<String> wanted, Duration limit) {
        Await.until(() -> "a line of JVM " + pid() + "; it printed\n" + output(), limit, () -> {
            boolean ended = !reader.isAlive();
            if (lines().stream().anyMatch(wanted)) {
                return true;
            }
            if (ended) {
                throw new AssertionError("JVM " + pid() + " ended without the line; it printed\n" + output());
            }
            return false;
        });
        return lines().stream().filter(wanted).findFirst().orElseThrow();
    }

    /**
     * Waits up to a minute for its end, and for the last line it printed.
     *
     * @return its exit status
     * @throws AssertionError with the whole output, if it doesn't end
     */
    public int awaitExit() {
        return awaitExit(LIMIT);
    }

    /** As {@link #awaitExit()} with another limit. */
    public int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(
                        "JVM " + pid() + " still runs after " + limit.toMillis() + " ms; it printed\n" + output());
            }
            // a grandchild may keep the pipe open
            reader.join(Math.min(limit.toMillis(), 5_000));
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for JVM " + pid(), e);
        }
        return process.exitValue();
    }

    /** Sends SIGKILL and returns when it is gone. */
    public void kill() {
        Signals.kill(pid());
        awaitExit();
    }

    /** Sends SIGTERM, which lets shutdown hooks run, and returns at once. */
    public void terminate() {
        // Process.destroy() would close its input and output too
        Signals.terminate(pid());
    }

    /** Sends SIGQUIT, at which it prints what all its threads do, and goes on. */
    public void printThreads() {
        Signals.quit(pid());
    }

    /** Sends SIGSTOP. */
    public void pause() {
        Signals.pause(pid());
    }

    /** Sends SIGCONT. */
    public void resume() {
        Signals.resume(pid());
    }

    /** Kills it where it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(killAtExit);
        } catch (IllegalStateException e) {
            // the JVM is exiting, so the hook runs or has run
        }
    }

    /** How to start a JVM. Not thread-safe. */
    public static final class Builder {

        private final List<String> target;
        private final boolean takesClassPath;
        private final List<String> jvmArgs = new ArrayList<>();
        private final Map<String, String> properties = new TreeMap<>();
        private final Map<String, String> environment = new TreeMap<>();
        private final List<String> args = new ArrayList<>();
        private Jdk jdk = Jdks.current();
        private String classPath = System.getProperty("java.class.path");
        private Path folder;
        private Consumer<String> onLine = line -> {};
        private int keep = Integer.MAX_VALUE;

        private Builder(List<String> target, boolean takesClassPath) {
            this.target = target;
            this.takesClassPath = takesClassPath;
        }

        /** The JDK to run on; by default the one that runs this code. */
        public Builder jdk(Jdk value) {
            jdk = value;
            return this;
        }

        /** Instead of this JVM's class path. */
        public Builder classPath(Path... entries) {
            classPath = String.join(
                    File.pathSeparator,
                    Arrays.stream(entries).map(Path::toString).toList());
            return this;
        }

        /** Adds arguments of the JVM, as {@code -javaagent:...}. */
        public Builder jvmArgs(String... values) {
            jvmArgs.addAll(List.of(values));
            return this;
        }

        /** Sets a system property. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** Sets an environment variable, beside those it inherits. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Adds arguments of the program. */
        public Builder args(String... values) {
            args.addAll(List.of(values));
            return this;
        }

        /** Its working folder; by default this JVM's. */
        public Builder folder(Path value) {
            folder = value;
            return this;
        }

        /** Is told each line as it comes, on a thread of the testkit's; by default lines are only kept. */
        public Builder onLine(Consumer<String> listener) {
            onLine = listener;
            return this;
        }

        /** Keeps at least that many of the lines printed last, for programs that print for long; by default all. */
        public Builder keepLines(int value) {
            keep = value;
            return this;
        }

        /** Starts it and returns without waiting for anything. */
        public ForkedJvm start() {
            return new ForkedJvm(this);
        }

        private List<String> command() {
            List<String> command = new ArrayList<>();
            command.add(jdk.java().toString());
            command.addAll(jvmArgs);
            properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
            if (takesClassPath) {
                command.add("-cp");
                command.add(classPath);
            }
            command.addAll(target);
            command.addAll(args);
            return command;
        }
    }
}
