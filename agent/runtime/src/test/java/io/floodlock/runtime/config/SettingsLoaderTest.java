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
import java.util.HashMap;
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
        assertTrue(
                message.contains("floodlock.leas (system property) is not a setting; the settings are redis, "),
                message);
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
    void aRefusedUrlSaysWhatToMend() {
        Map<String, String> remedies = Map.of(
                "redis://my_redis:6379",
                "host 'my_redis' has an underscore, which host names in URLs must not have; give the service a name or"
                        + " network alias with a dash, 'my-redis'",
                "rediss://u:secret@my_redis/0",
                "'my-redis'",
                "redis://:p@secret@redis:6379",
                "must be percent-encoded: @ as %40",
                "redis://u:secret#1@redis",
                "must be percent-encoded",
                "redis://u:secret/1@redis",
                "must be percent-encoded",
                "redis://u:100%secret@redis",
                "must be percent-encoded",
                "redis://u:a,secret@redis",
                "after a comma another URL must follow",
                "redis:6379",
                "each URL begins with redis:// or rediss://",
                ":secret@redis:6379",
                "each URL begins with redis:// or rediss://",
                "redis://redis/cache",
                "[user:password@]host[:port][/database]");
        remedies.forEach((url, remedy) -> {
            String message = refused(Map.of("floodlock.redis", url), Map.of(), null);
            assertTrue(message.contains(remedy), message);
            assertTrue(message.contains("it must be redis:// or rediss:// URLs"), message);
            assertFalse(message.contains("secret"), message);
            assertEquals(1, message.lines().count(), message);
        });
    }

    @Test
    void whatIsRightlyEncodedIsTaken() {
        for (String url : List.of(
                "redis://u:p%40ss%2Cw%23@redis:6379/0",
                "redis://u:a:b@redis", "redis://secret@[::1]:6379", "rediss://:it's(fine)~!@10.0.0.7/15")) {
            assertEquals(
                    List.of(URI.create(url)),
                    load(Map.of("floodlock.redis", url), Map.of(), null).redis());
        }
    }

    @Test
    void whatKubernetesInjectsForAServiceIsIgnored() {
        Map<String, String> injected = new HashMap<>();
        for (String service : List.of("FLOODLOCK", "FLOODLOCK_REDIS", "FLOODLOCK_QUEUE", "FLOODLOCK_LOG")) {
            injected.put(service + "_SERVICE_HOST", "10.0.0.7");
            injected.put(service + "_SERVICE_PORT", "6379");
            injected.put(service + "_SERVICE_PORT_CLIENT_TLS", "6380");
            injected.put(service + "_PORT", "tcp://10.0.0.7:6379");
            injected.put(service + "_PORT_6379_TCP", "tcp://10.0.0.7:6379");
            injected.put(service + "_PORT_6379_TCP_PROTO", "tcp");
            injected.put(service + "_PORT_6379_TCP_PORT", "6379");
            injected.put(service + "_PORT_6379_TCP_ADDR", "10.0.0.7");
            injected.put(service + "_PORT_53_UDP", "udp://10.0.0.7:53");
        }
        SettingsLoader loader = SettingsLoader.collect(new Properties(), injected, null);
        assertEquals(
                List.of(URI.create("redis://127.0.0.1:6379")), loader.settings().redis());
        assertEquals(List.of(), loader.warnings());
    }

    @Test
    void noSettingHasANameThatOrchestratorsMake() {
        for (Setting setting : Setting.values()) {
            String suffix = EnvironmentNames.of(setting.key()).substring(EnvironmentNames.PREFIX.length());
            assertFalse(EnvironmentNames.isInjected(suffix, "tcp://10.0.0.7:6379"), suffix);
        }
    }

    @Test
    void aMisspeltVariableStopsTheStartAndNamesTheRightOne() {
        Map<String, String> misspelt = Map.of(
                "FLOODLOCK_REDDIS", "FLOODLOCK_REDIS",
                "FLOODLOCK_REDIISON", "FLOODLOCK_REDISSON",
                "FLOODLOCK_LAESE", "FLOODLOCK_LEASE",
                "FLOODLOCK_QUEUEMODE", "FLOODLOCK_QUEUE_MODE",
                "FLOODLOCK_ON_FAILRUE", "FLOODLOCK_ON_FAILURE",
                "FLOODLOCK_RULE", "FLOODLOCK_RULES",
                "FLOODLOCK_ENABLE", "FLOODLOCK_ENABLED");
        misspelt.forEach((wrong, right) -> {
            String message = refused(Map.of(), Map.of(wrong, "x"), null);
            assertTrue(
                    message.contains("environment variable " + wrong + " is not a setting; write " + right), message);
        });
    }

    @Test
    void otherVariablesAreWarnedOfAndIgnored() {
        for (String name : List.of("FLOODLOCK_HOME", "FLOODLOCK_VERSION", "FLOODLOCK_REDIS_HOST", "FLOODLOCK_")) {
            SettingsLoader loader = SettingsLoader.collect(new Properties(), Map.of(name, "/opt/floodlock"), null);
            loader.settings();
            assertEquals(1, loader.warnings().size(), loader.warnings()::toString);
            assertTrue(
                    loader.warnings().get(0).startsWith("environment variable " + name + " is not a setting"),
                    loader.warnings()::toString);
        }
        // a person wrote that; an orchestrator would have written an address
        assertEquals(
                1,
                SettingsLoader.collect(new Properties(), Map.of("FLOODLOCK_REDIS_PORT", "6379"), null)
                        .warnings()
                        .size());
    }

    @Test
    void aBlankVariableCountsAsUnset() {
        Settings settings = load(Map.of(), Map.of("FLOODLOCK_LEASE", "", "FLOODLOCK_REDIS", " "), "lease=2s");
        assertEquals(Duration.ofSeconds(2), settings.lease());
        assertEquals(List.of(URI.create("redis://127.0.0.1:6379")), settings.redis());
    }

    @Test
    void everySettingFollowsTheSameOrderOfPlaces() throws IOException {
        Path file = folder.resolve("floodlock.properties");
        Files.writeString(file, "floodlock.enabled=false\nfloodlock.on-failure=warn\nfloodlock.lease=soon\n");
        String config = "config=" + file;
        Properties none = new Properties();
        SettingsLoader fromFile = SettingsLoader.collect(none, Map.of(), config);
        assertFalse(fromFile.enabled());
        assertFalse(fromFile.refuseOnFailure());
        SettingsLoader fromArgument =
                SettingsLoader.collect(none, Map.of(), config + ",enabled=true,on-failure=refuse");
        assertTrue(fromArgument.enabled());
        assertTrue(fromArgument.refuseOnFailure());
        SettingsLoader fromEnvironment = SettingsLoader.collect(
                none,
                Map.of("FLOODLOCK_ENABLED", "false", "FLOODLOCK_ON_FAILURE", "warn"),
                config + ",enabled=true,on-failure=refuse");
        assertFalse(fromEnvironment.enabled());
        assertFalse(fromEnvironment.refuseOnFailure());
        SettingsLoader unreadable = SettingsLoader.collect(none, Map.of(), "on-failure=warn,config=/missing");
        assertTrue(unreadable.enabled());
        assertFalse(unreadable.refuseOnFailure());
        assertThrows(BadSettingException.class, unreadable::settings);
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
