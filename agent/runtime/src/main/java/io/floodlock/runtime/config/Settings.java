package io.floodlock.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The agent's configuration, complete and checked. {@link SettingsLoader} creates it at the start. Immutable. Its
 * text never shows a password.
 *
 * @param redis the servers, {@code redis://user:password@host:6379/0} or {@code rediss://}; empty for an embedded
 *     server
 * @param redisson a Redisson YAML file that replaces {@code redis}
 * @param namespace separates applications that share a Redis; also the application id in transaction ids
 * @param lease time after which the locks of a JVM that can't renew its lease end
 * @param shutdownWait longest wait for open lock scopes when the JVM ends
 * @param drain longest wait for running bodies when the JVM ends
 * @param queueMode the role of this JVM for stored calls
 * @param lanes number of lanes of a queue that does not exist yet
 * @param queueHome the DataSource whose database records which stored calls have run, by pool name or JDBC URL
 * @param txHome the DataSource whose database hosts decisions, by pool name or JDBC URL
 * @param refuseOnFailure whether a class that can't be woven is refused, rather than loaded unprotected with a
 *     warning
 * @param explain whether to log, for each method that requests protection, whether it is woven and why not
 * @param rules a file that names methods to protect; a text, as the default FileSystem must not be used so early
 * @param log {@link #STDERR}, {@link #SLF4J} or the path of a file; a text for the same reason
 * @param logLevel the lowest level of the agent's own messages that is logged
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
        Optional<String> queueHome,
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
     * Settings from texts by key without the prefix:
     * {@code Map.of("redis", "redis://127.0.0.1:6379", "lease", "2s")}.
     *
     * @throws BadSettingException with each unknown key, each bad value and the allowed values
     */
    public static Settings of(Map<String, String> texts) {
        return SettingsParser.parse(texts, Map.of(), List.of());
    }

    /** Whether {@code floodlock.redis=embedded} requests a server inside this JVM. */
    public boolean embeddedRedis() {
        return redis.isEmpty();
    }

    /** The Redis of these settings, without user and password, for messages. */
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

    /** A copy of these settings with another server. */
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
                queueHome,
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
