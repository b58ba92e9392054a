package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FakeClockIT {

    @Test
    void movesTheClockOfOneServer() {
        Optional<FakeClock> found = FakeClock.create();
        assumeTrue(found.isPresent(), "libfaketime isn't installed");
        try (FakeClock clock = found.get();
                RedisServer server = RedisServer.start(clock)) {
            assertTrue(Math.abs(ahead(server)) < 1800, "right at first");
            clock.set(Duration.ofHours(2));
            assertTrue(ahead(server) > 3600);
            clock.set(Duration.ofHours(-2));
            assertTrue(ahead(server) < -3600);
        }
    }

    private static long ahead(RedisServer server) {
        return Long.parseLong(server.cli("TIME").lines().findFirst().orElseThrow())
                - Instant.now().getEpochSecond();
    }
}
