package io.floodlock.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {

    @TempDir
    Path folder;

    @Test
    void everyDefaultIsAllowed() {
        Settings settings = load(Map.of(), Map.of(), null);
        assertEquals(List.of(URI.create("redis://127.0.0.1:6379")), settings.redis());
        assertEquals(Duration.ofSeconds(10), settings.lease());
        assertEquals(QueueMode.CONSUME, settings.queueMode());
        assertTrue(settings.refuseOnFailure());
    }

    @Test
    void propertyBeatsEnvironmentBeatsArgumentBeatsFile() throws IOException {
        Path file = folder.resolve("floodlock.properties");
        Files.writeString(
                file,
                "floodlock.lease=1s\nfloodlock.queue.drain=1s\nfloodlock.shutdown-wait=1s\nfloodlock.namespace=file\n");
        Settings settings = load(
                Map.of("floodlock.lease", "4s", "floodlock.config", file.toString()),
                Map.of("FLOODLOCK_LEASE", "3s", "FLOODLOCK_QUEUE_DRAIN", "3s"),
                "lease=2s,queue.drain=2s,shutdown-wait=2s");
        assertEquals(Duration.ofSeconds(4), settings.lease());
        assertEquals(Duration.ofSeconds(3), settings.drain());
        assertEquals(Duration.ofSeconds(2), settings.shutdownWait());
        assertEquals("file", settings.namespace());
    }

    @Test
    void dashesAndDotsOfAKeyAreUnderscoresInTheEnvironment() {
        Settings settings =
                load(Map.of(), Map.of("FLOODLOCK_SHUTDOWN_WAIT", "7s", "FLOODLOCK_QUEUE_MODE", "produce-only"), null);
        assertEquals(Duration.ofSeconds(7), settings.shutdownWait());
        assertEquals(QueueMode.PRODUCE_ONLY, settings.queueMode());
    }

    @Test
    void anArgumentMayListServers() {
        Settings settings = load(Map.of(), Map.of(), "redis=redis://a:1,rediss://u:p@b:2/3,lease=5s");
        assertEquals(List.of(URI.create("redis://a:1"), URI.create("rediss://u:p@b:2/3")), settings.redis());
        assertEquals(Duration.ofSeconds(5), settings.lease());
        assertFalse(settings.toString().contains("u:p"));
    }

    @Test
    void allThatIsWrongIsNamedWithWhereItStandsAndWhatIsAllowed() {
        String message = refused(
                Map.of("floodlock.leas", "10s", "floodlock.queue.lanes", "0"),
                Map.of("FLOODLOCK_QUEUE_MODE", "Consume"),
                "lease=ten");
        assertEquals(4, message.lines().count(), message);
        assertTrue(message.contains("floodlock.leas (system property) is not a setting; there are redis, "), message);
        assertTrue(
                message.contains("floodlock.queue.lanes (system property) is '0'; it must be a number from 1 to"),
                message);
        assertTrue(
                message.contains("(environment variable FLOODLOCK_QUEUE_MODE) is 'Consume'; it must be consume,"),
                message);
        assertTrue(message.contains("floodlock.lease (agent argument) is 'ten'; it must be a duration"), message);
    }

    @Test
    void aBadUrlIsShownWithoutItsPassword() {
        for (String url :
                List.of("http://u:secret@host", "redis://u:sec ret@host", "redis://:secret@@/x@host:1/zero")) {
            String message = refused(Map.of("floodlock.redis", url), Map.of(), null);
            assertTrue(message.contains("it must be redis:// or rediss:// URLs"), message);
            assertFalse(message.contains("sec"), message);
        }
    }

    @Test
    void aFileThatIsMissingOrHasForeignKeysIsNamed() throws IOException {
        Path file = folder.resolve("missing.properties");
        assertTrue(refused(Map.of("floodlock.config", file.toString()), Map.of(), null)
                .contains("missing.properties"));
        Files.writeString(file, "redis=redis://a\n");
        assertTrue(refused(Map.of("floodlock.config", file.toString()), Map.of(), null)
                .contains("'redis' in "));
    }

    @Test
    void anArgumentWithoutAValueIsRefused() {
        assertTrue(refused(Map.of(), Map.of(), "lease").contains("has no value"));
    }

    @Test
    void durationsAreReadAsPeopleWriteThem() {
        assertEquals(Duration.ofSeconds(90), Durations.parse("1m30s"));
        assertEquals(Duration.ofMillis(250), Durations.parse("250ms"));
        assertEquals(Duration.ofMillis(61_001), Durations.parse("1m1s1ms"));
        assertEquals(Duration.ZERO, Durations.parse("0"));
        assertEquals(Duration.ofHours(50), Durations.parse("2d2h"));
        for (String bad : List.of("", "10", "s", "1s1m", "-1s", "1.5s", "10 s", "99999999999999s")) {
            assertThrows(IllegalArgumentException.class, () -> Durations.parse(bad), bad);
        }
    }

    private static String refused(Map<String, String> system, Map<String, String> environment, String arguments) {
        return assertThrows(BadSettingException.class, () -> load(system, environment, arguments))
                .getMessage();
    }

    private static Settings load(Map<String, String> system, Map<String, String> environment, String arguments) {
        Properties properties = new Properties();
        properties.putAll(system);
        return SettingsLoader.load(properties, environment, arguments);
    }
}
