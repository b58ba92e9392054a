package io.floodlock.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.faults.app.Locks;
import io.floodlock.testkit.Jdk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** {@code floodlock.redis=embedded}, for development. */
@OnEachJdk
class EmbeddedRedisIT {

    @Parameter
    Jdk jdk;

    @Test
    void startsAServerFromTheLibraryAndSaysSo() {
        try (Program app = Program.of(Locks.class)
                .jdk(jdk)
                .redis("embedded")
                .with(ClassPath.of(ClassPath.type("redis.embedded.RedisServer")))
                .start()) {
            assertEquals("locked", app.call("lock", "a").value());
            app.awaitLog("floodlock.redis=embedded", "For development only");
        }
    }

    @Test
    void withoutTheLibraryTheMessageNamesTheDependency() {
        try (Program app = Program.of(Locks.class).jdk(jdk).redis("embedded").start()) {
            app.call("lockBriefly", "a")
                    .threw(
                            FloodlockUnavailableException.class,
                            "com.github.codemonstur:embedded-redis",
                            "floodlock.redis");
        }
    }
}
