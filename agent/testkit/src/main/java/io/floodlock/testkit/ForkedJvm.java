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
 * A separate JVM. Its output, including standard error, is captured line by line, and it is killed when this JVM
 * exits. Thread-safe.
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

    /** A JVM that runs this class, with this JVM's class path unless another is given. */
    public static Builder main(String mainClass) {
        return new Builder(List.of(mainClass), true);
    }

    /** A JVM that runs this jar. */
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

    /**
     * Adds a line and removes old ones. They are removed many at a time, because each removal moves the remaining
     * lines.
     */
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

    /** The lines that it has printed so far, as many as it {@linkplain Builder#keepLines keeps}. */
    public List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The same lines as {@link #lines()}, as one text. */
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
     * Waits for up to a minute for a line, printed before or after this call.
     *
     * @return the first line that matches
     * @throws AssertionError with the whole output, if no line matches in time or the JVM ends without one
     */
    public String awaitLine(Predicate<String> matching) {
        return awaitLine(matching, LIMIT);
    }

    /** As {@link #awaitLine(Predicate)} with another limit. */
    public String awaitLine(Predicate<String> matching, Duration limit) {
        Await.until(() -> "a line of JVM " + pid() + "; it printed\n" + output(), limit, () -> {
            boolean ended = !reader.isAlive();
            if (lines().stream().anyMatch(matching)) {
                return true;
            }
            if (ended) {
                throw new AssertionError("JVM " + pid() + " ended without the line; it printed\n" + output());
            }
            return false;
        });
        return lines().stream().filter(matching).findFirst().orElseThrow();
    }

    /**
     * Waits for up to a minute for its end, and for the last line that it printed.
     *
     * @return its exit status
     * @throws AssertionError with the whole output, if it doesn't end in time
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
            // a process that it started may keep the pipe open
            reader.join(Math.min(limit.toMillis(), 5_000));
        } catch (InterruptedException e) {
            throw Interrupts.restored("waiting for JVM " + pid(), e);
        }
        return process.exitValue();
    }

    /** Sends SIGKILL and returns when the process has ended. */
    public void kill() {
        Signals.kill(pid());
        awaitExit();
    }

    /** Sends SIGTERM, which lets shutdown hooks run, and returns at once. */
    public void terminate() {
        // Process.destroy() would also close its input and output
        Signals.terminate(pid());
    }

    /** Sends SIGQUIT: it prints the stacks of all its threads and continues. */
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

    /** Kills it if it still runs. */
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

    /** The settings with which a JVM starts. Not thread-safe. */
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

        /** Sets the class path, in place of this JVM's. */
        public Builder classPath(Path... entries) {
            classPath = String.join(
                    File.pathSeparator,
                    Arrays.stream(entries).map(Path::toString).toList());
            return this;
        }

        /** Adds arguments for the JVM, as {@code -javaagent:...}. */
        public Builder jvmArgs(String... values) {
            jvmArgs.addAll(List.of(values));
            return this;
        }

        /** Sets a system property. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /** Sets an environment variable, in addition to the inherited ones. */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /** Adds arguments for the program. */
        public Builder args(String... values) {
            args.addAll(List.of(values));
            return this;
        }

        /** Its working folder; by default this JVM's. */
        public Builder folder(Path value) {
            folder = value;
            return this;
        }

        /**
         * Sets a listener that receives each line at once, on a thread of the testkit; by default lines are only
         * kept.
         */
        public Builder onLine(Consumer<String> listener) {
            onLine = listener;
            return this;
        }

        /** Keeps at least this many of the last lines, for programs with long output; by default all lines. */
        public Builder keepLines(int value) {
            keep = value;
            return this;
        }

        /** Starts the JVM and returns without waiting for anything. */
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
