package io.floodlock.faults.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.Locks;
import io.floodlock.testkit.Jdk;
import java.net.ConnectException;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            String said = app.awaitLog("floodlock.redis=embedded", "For development only");
            Matcher port = Pattern.compile("127\\.0\\.0\\.1:(\\d+)").matcher(said);
            assertTrue(port.find(), said);
            app.jvm().terminate();
            app.jvm().awaitExit();
            // the server ends with its JVM, unless that is killed
            assertThrows(
                    ConnectException.class, () -> new Socket("127.0.0.1", Integer.parseInt(port.group(1))).close());
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
