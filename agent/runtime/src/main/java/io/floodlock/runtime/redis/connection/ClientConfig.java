package io.floodlock.runtime.redis.connection;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.thread.AgentThreads;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.BaseConfig;
import org.redisson.config.BaseMasterSlaveServersConfig;
import org.redisson.config.Config;
import org.redisson.config.ConfigSupport;
import org.redisson.config.EqualJitterDelay;
import org.redisson.config.ReadMode;
import org.redisson.config.SingleServerConfig;
import org.redisson.config.SubscriptionMode;

/**
 * Makes Redisson's configuration for one client from the agent's settings, or from the Redisson file that they name.
 * {@link LiveConnection} uses it.
 */
public final class ClientConfig {

    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private ClientConfig() {}

    static Config of(Settings settings, ClientProfile profile, boolean cluster, ExecutorService executor) {
        Config config =
                settings.redisson().isPresent() ? fromFile(settings, profile) : fromUrls(settings, profile, cluster);
        config.setCodec(StringCodec.INSTANCE);
        config.setReferenceEnabled(false);
        config.setNettyThreads(profile.nettyThreads());
        config.setNettyExecutor(new AgentThreads("floodlock-redis-" + profile.name() + "-io"));
        config.setExecutor(new InlinePushExecutor(executor));
        config.setThreads(2);
        // Redisson must not connect before the timer's thread is a daemon
        config.setLazyInitialization(true);
        return config;
    }

    private static Config fromFile(Settings settings, ClientProfile profile) {
        var file = settings.redisson().orElseThrow();
        try {
            Config config = Config.fromYAML(file.toFile());
            BaseConfig<?> servers = ConfigSupport.getConfig(config);
            if (servers instanceof BaseMasterSlaveServersConfig<?> several) {
                // a replica's data may be old
                several.setReadMode(ReadMode.MASTER);
            }
            if (profile != ClientProfile.MAIN) {
                connections(servers, profile);
                noRetries(servers, profile);
            }
            return config;
        } catch (IOException | RuntimeException e) {
            throw Failure.UNAVAILABLE.because(
                    "floodlock.redisson = " + file + " can't be read as a Redisson configuration: " + e.getMessage()
                            + ". Give the path of a Redisson YAML file.",
                    e);
        }
    }

    private static Config fromUrls(Settings settings, ClientProfile profile, boolean cluster) {
        Config config = new Config();
        URI first = settings.redis().get(0);
        BaseConfig<?> servers;
        if (cluster) {
            servers = config.useClusterServers()
                    .addNodeAddress(
                            settings.redis().stream().map(ClientConfig::bare).toArray(String[]::new))
                    .setScanInterval(scanMillis(settings))
                    .setReadMode(ReadMode.MASTER)
                    .setSubscriptionMode(SubscriptionMode.MASTER);
        } else {
            servers = config.useSingleServer().setAddress(bare(first)).setDatabase(database(first));
        }
        connections(servers, profile);
        credentials(config, first);
        noRetries(servers, profile);
        servers.setConnectTimeout(
                (int) Math.min(CONNECT_TIMEOUT_MS, profile.timeout().toMillis() * 2));
        servers.setReconnectionDelay(new EqualJitterDelay(Duration.ofMillis(50), Duration.ofSeconds(1)));
        servers.setClientName("floodlock-" + profile.name());
        return config;
    }

    /** Interval of the search for a new master: well within a lease, and at most Redisson's default. */
    private static int scanMillis(Settings settings) {
        return (int) Math.min(5_000, Math.max(250, settings.lease().toMillis() / 10));
    }

    private static void connections(BaseConfig<?> servers, ClientProfile profile) {
        if (servers instanceof SingleServerConfig single) {
            single.setConnectionPoolSize(profile.connections())
                    .setConnectionMinimumIdleSize(1)
                    .setSubscriptionConnectionMinimumIdleSize(1)
                    .setSubscriptionConnectionPoolSize(8);
        } else if (servers instanceof BaseMasterSlaveServersConfig<?> several) {
            several.setMasterConnectionPoolSize(profile.connections());
            several.setMasterConnectionMinimumIdleSize(1);
            several.setSubscriptionConnectionMinimumIdleSize(1);
            several.setSubscriptionConnectionPoolSize(8);
        }
    }

    /** The engines retry, not Redisson: they know the deadlines, and their scripts are idempotent. */
    private static void noRetries(BaseConfig<?> servers, ClientProfile profile) {
        servers.setRetryAttempts(0);
        servers.setTimeout((int) profile.timeout().toMillis());
    }

    private static void credentials(Config config, URI url) {
        String userInfo = url.getRawUserInfo();
        if (userInfo == null || userInfo.isEmpty()) {
            return;
        }
        int colon = userInfo.indexOf(':');
        // redis://secret@host holds a password, as for redis-cli
        String user = colon <= 0 ? "" : userInfo.substring(0, colon);
        String password = userInfo.substring(colon + 1);
        if (!user.isEmpty()) {
            config.setUsername(decode(user));
        }
        config.setPassword(decode(password));
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static int database(URI url) {
        String path = url.getPath();
        return path == null || path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
    }

    /** The URL without user, password and database. */
    static String bare(URI url) {
        return url.getScheme() + "://" + url.getHost() + ":" + port(url);
    }

    /** The server's address, resolved now. */
    static InetSocketAddress server(URI url) {
        return new InetSocketAddress(url.getHost(), port(url));
    }

    private static int port(URI url) {
        return url.getPort() < 0 ? 6379 : url.getPort();
    }

    /** The servers, for messages. */
    public static String address(Settings settings) {
        return settings.redisson().isPresent()
                ? "the servers in " + settings.redisson().get()
                : String.join(
                        ", ",
                        List.copyOf(settings.redis()).stream()
                                .map(ClientConfig::bare)
                                .toList());
    }
}
