package io.floodlock.examples.kit;

import io.floodlock.testkit.ForkedJvm;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builders of JVMs that run with the agent. */
public final class Agent {

    private static final String PROPERTY = "examples.agent";

    private Agent() {}

    /**
     * The agent's jar, which {@code examples/run} builds and passes by the system property {@code examples.agent}.
     *
     * @throws IllegalStateException if the jar doesn't exist
     */
    public static Path jar() {
        String jar = System.getProperty(PROPERTY);
        if (jar == null || !Files.isRegularFile(Path.of(jar))) {
            throw new IllegalStateException("no agent jar at " + jar + ": start examples with examples/run NAME, which"
                    + " builds it, or set -D" + PROPERTY + "=/path/to/floodlock-agent.jar");
        }
        return Path.of(jar);
    }

    /** A JVM with this class path that runs this class with the agent, which uses this Redis. */
    public static ForkedJvm.Builder jvm(String mainClass, String redisUrl) {
        return on(ForkedJvm.main(mainClass), redisUrl);
    }

    /** Adds the agent, which uses this Redis, to a JVM. */
    public static ForkedJvm.Builder on(ForkedJvm.Builder jvm, String redisUrl) {
        return jvm.jvmArgs("-javaagent:" + jar()).property("floodlock.redis", redisUrl);
    }
}
