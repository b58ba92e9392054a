package io.floodlock.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's configuration, complete and checked. Immutable.
 *
 * @param redis servers, {@code redis://user:password@host:6379/0} or {@code rediss://}
 * @param redisson a Redisson YAML file that replaces {@code redis}
 * @param namespace separates applications that share a Redis; also the application id in transaction ids
 * @param lease after which the holds of a JVM that can't renew them end
 * @param shutdownWait for lock scopes still open when the JVM ends
 * @param drain for bodies still running when the JVM ends
 * @param lanes of a queue that does not exist yet
 * @param txHome the DataSource whose database hosts decisions, by pool name or JDBC URL
 */
public record Settings(
        List<URI> redis,
        Optional<Path> redisson,
        String namespace,
        Duration lease,
        Duration shutdownWait,
        Duration drain,
        QueueMode queueMode,
        int lanes,
        Optional<String> txHome,
        boolean refuseOnFailure) {

    /** Settings from texts by key, without the prefix: {@code Map.of("redis", "redis://127.0.0.1:6379", "lease", "2s")}. */
    public static Settings of(Map<String, String> texts) {
        return SettingsParser.parse(texts);
    }
}
