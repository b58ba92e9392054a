package io.floodlock.examples.bench;

import io.floodlock.testkit.RedisServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Starts the Redis that this machine has, as that is what peers are known by; else the testkit's. */
final class InstalledRedis {

    private static final String NAME = "redis-server";

    private InstalledRedis() {}

    static RedisServer start(String... configLines) {
        Optional<Path> installed = installed();
        RedisServer server = installed.isPresent()
                ? RedisServer.installed(installed.get(), configLines)
                : RedisServer.start(configLines);
        System.out.println("redis " + version(server) + ", "
                + installed.map(Path::toString).orElse("embedded"));
        return server;
    }

    private static Optional<Path> installed() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/bin", "/usr/local/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, NAME))
                .filter(Files::isExecutable)
                .findFirst();
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
