package io.floodlock.examples.bench;

import io.floodlock.testkit.RedisServer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Starts the Redis that is installed on this machine, because published figures of peers refer to such a Redis;
 * otherwise the testkit's.
 */
final class InstalledRedis {

    private InstalledRedis() {}

    static RedisServer start(String... configLines) {
        Optional<Path> installed = RedisServer.onPath();
        RedisServer server = installed.isPresent()
                ? RedisServer.installed(installed.get(), configLines)
                : RedisServer.start(configLines);
        System.out.println("redis " + version(server) + ", "
                + installed.map(Path::toString).orElse("embedded"));
        return server;
    }

    private static String version(RedisServer server) {
        return server.cli("INFO", "server")
                .lines()
                .filter(line -> line.startsWith("redis_version:"))
                .map(line -> line.substring("redis_version:".length()).trim())
                .findFirst()
                .orElse("of an unknown version");
    }
}
