package io.floodlock.faults;

import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.Parameter;

/** Programs on each JDK and one Redis, which no test of the class harms; a namespace keeps each test apart. */
public abstract class SharedRedis {

    protected static RedisServer redis;

    @Parameter
    protected Jdk jdk;

    protected final String namespace = Namespaces.next();

    @BeforeAll
    static void startRedis() {
        redis = RedisServer.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    protected final Program.Builder program(Class<?> verbs) {
        return Program.of(verbs).jdk(jdk).redis(redis.url()).setting("namespace", namespace);
    }
}
