package io.floodlock.faults;

import io.floodlock.PessimisticLock;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A JVM with the agent that runs a class of {@code io.floodlock.faults.app} under the console there. */
public final class Program implements AutoCloseable {

    private final ForkedJvm jvm;
    private final AtomicInteger calls = new AtomicInteger();

    private Program(ForkedJvm jvm) {
        this.jvm = jvm;
    }

    /** @param verbs the class whose static methods the test calls by name */
    public static Builder of(Class<?> verbs) {
        return of(verbs.getName());
    }

    /** As {@link #of(Class)}, for a class that only the forked JVM has. */
    public static Builder of(String verbs) {
        return new Builder(verbs);
    }

    /** Calls and waits for the answer. */
    public Reply call(String verb, String... arguments) {
        return begin(verb, arguments).reply();
    }

    /** Calls and does not wait. */
    public Call begin(String verb, String... arguments) {
        String id = "call" + calls.incrementAndGet();
        List<String> words = new ArrayList<>(List.of(id, verb));
        words.addAll(List.of(arguments));
        jvm.send(String.join("\t", words));
        return new Call(id);
    }

    /** Opens a gate at which a body waits. */
    public void go(String gate) {
        jvm.send("go\t" + gate);
    }

    /** Waits until a body has said that. */
    public void awaitSaid(String text) {
        jvm.awaitLine(line -> line.equals("say\t" + text));
    }

    public long timesSaid(String text) {
        return jvm.lines().stream().filter(line -> line.equals("say\t" + text)).count();
    }

    public boolean said(String text) {
        return timesSaid(text) > 0;
    }

    /** Waits for a line of the agent's log, or of anybody else, with all these parts. */
    public String awaitLog(String... parts) {
        return jvm.awaitLine(line -> Arrays.stream(parts).allMatch(line::contains));
    }

    public ForkedJvm jvm() {
        return jvm;
    }

    @Override
    public void close() {
        jvm.close();
    }

    /** A call on its way. */
    public final class Call {

        private final String id;

        private Call(String id) {
            this.id = id;
        }

        public Reply reply() {
            return Reply.parse(jvm.awaitLine(line -> line.startsWith(id + "\t")));
        }

        public Reply reply(Duration limit) {
            return Reply.parse(jvm.awaitLine(line -> line.startsWith(id + "\t"), limit));
        }

        /** Whether the answer is there already. */
        public boolean ended() {
            return jvm.lines().stream().anyMatch(line -> line.startsWith(id + "\t"));
        }
    }

    public static final class Builder {

        private final String verbs;
        private final ForkedJvm.Builder jvm = ForkedJvm.main("io.floodlock.faults.app.Console");
        private final List<Path> classPath = new ArrayList<>();
        private final List<String> otherAgents = new ArrayList<>();
        private boolean agent = true;

        private Builder(String verbs) {
            this.verbs = verbs;
            classPath.add(ClassPath.of(Program.class));
            classPath.add(ClassPath.of(PessimisticLock.class));
            jvm.jvmArgs("-Xmx128m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
        }

        /** The same run unprotected. */
        public Builder withoutAgent() {
            agent = false;
            return this;
        }

        /** Another agent, after ours. */
        public Builder and(String javaagent) {
            otherAgents.add(javaagent);
            return this;
        }

        public Builder jdk(Jdk value) {
            jvm.jdk(value);
            return this;
        }

        /** A setting, without {@code floodlock.}. */
        public Builder setting(String key, String value) {
            jvm.property("floodlock." + key, value);
            return this;
        }

        public Builder redis(String url) {
            return setting("redis", url);
        }

        /** Adds arguments of the JVM; a later one overrides an earlier one. */
        public Builder jvm(String... arguments) {
            jvm.jvmArgs(arguments);
            return this;
        }

        public Builder property(String name, String value) {
            jvm.property(name, value);
            return this;
        }

        /** Adds to the class path, which has the test's classes and the annotations. */
        public Builder with(Path... entries) {
            classPath.addAll(List.of(entries));
            return this;
        }

        /** Adds HikariCP, the PostgreSQL driver and these databases, by name. */
        public Builder database(String name, String url) {
            classPath.addAll(ClassPath.jdbc());
            return property("db." + name, url);
        }

        /** Starts it and waits until it listens. */
        public Program start() {
            Program app = launch();
            app.jvm.awaitLine(line -> line.equals("say\tready"), Duration.ofSeconds(60));
            return app;
        }

        /** Starts it. */
        public Program launch() {
            if (agent) {
                jvm.jvmArgs("-javaagent:" + ClassPath.agentJar());
                otherAgents.forEach(jvm::jvmArgs);
            }
            return new Program(jvm.classPath(classPath.stream().distinct().toArray(Path[]::new))
                    .args(verbs)
                    .start());
        }
    }
}
