package io.floodlock.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's configuration, complete and checked. Immutable. Its text never shows a password.
 *
 * @param redis servers, {@code redis://user:password@host:6379/0} or {@code rediss://}; empty for an embedded one
 * @param redisson a Redisson YAML file that replaces {@code redis}
 * @param namespace separates applications that share a Redis; also the application id in transaction ids
 * @param lease after which the holds of a JVM that can't renew them end
 * @param shutdownWait for lock scopes still open when the JVM ends
 * @param drain for bodies still running when the JVM ends
 * @param lanes of a queue that does not exist yet
 * @param txHome the DataSource whose database hosts decisions, by pool name or JDBC URL
 * @param refuseOnFailure whether a class that can't be woven is refused, rather than loaded unprotected with a warning
 * @param explain whether to log what becomes of each method that asks for protection
 * @param rules a file that names methods to protect; a text, as the start is too early for the default FileSystem
 * @param log {@link #STDERR}, {@link #SLF4J} or the path of a file; a text for the same reason
 * @param logLevel the least that is logged of the agent itself
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
        boolean refuseOnFailure,
        boolean explain,
        Optional<String> rules,
        String log,
        LogLevel logLevel) {

    /** A value of {@link #log}: standard error. */
    public static final String STDERR = "stderr";

    /** A value of {@link #log}: the application's own SLF4J. */
    public static final String SLF4J = "slf4j";

    public Settings {
        redis = List.copyOf(redis);
    }

    /**
     * Settings from texts by key, without the prefix: {@code Map.of("redis", "redis://127.0.0.1:6379", "lease", "2s")}.
     *
     * @throws BadSettingException naming each unknown key and bad value, and what is allowed
     */
    public static Settings of(Map<String, String> texts) {
        return SettingsParser.parse(texts, Map.of(), List.of());
    }

    /** Whether {@code floodlock.redis=embedded} asks for a server of this JVM's own. */
    public boolean embeddedRedis() {
        return redis.isEmpty();
    }

    /** The Redis they name, without user and password, for people to read. */
    public String redisText() {
        if (redisson.isPresent()) {
            return "Redis as in ".concat(redisson.get().toString());
        }
        if (embeddedRedis()) {
            return "Redis embedded";
        }
        StringBuilder text = new StringBuilder("Redis ");
        for (URI server : redis) {
            text.append(text.length() > 6 ? ", " : "").append(Secrets.mask(server.toString()));
        }
        return text.toString();
    }

    /** These settings with another server. */
    public Settings withRedis(URI server) {
        return new Settings(
                List.of(server),
                redisson,
                namespace,
                lease,
                shutdownWait,
                drain,
                queueMode,
                lanes,
                txHome,
                refuseOnFailure,
                explain,
                rules,
                log,
                logLevel);
    }

    @Override
    public String toString() {
        return "Settings[namespace=" + namespace + ", lease=" + lease + ", redis="
                + redis.stream().map(uri -> Secrets.mask(uri.toString())).toList() + "]";
    }
}
