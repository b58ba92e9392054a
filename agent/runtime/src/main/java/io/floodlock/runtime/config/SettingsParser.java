package io.floodlock.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Turns texts by key into {@link Settings}. */
final class SettingsParser {

    private SettingsParser() {}

    static Settings parse(Map<String, String> texts) {
        return new Settings(
                Arrays.stream(texts.getOrDefault("redis", "redis://127.0.0.1:6379")
                                .split(","))
                        .map(String::strip)
                        .map(URI::create)
                        .toList(),
                Optional.ofNullable(texts.get("redisson")).map(Path::of),
                texts.getOrDefault("namespace", "default"),
                duration(texts, "lease", "10s"),
                duration(texts, "shutdown-wait", "10s"),
                duration(texts, "queue.drain", "10s"),
                QueueMode.valueOf(texts.getOrDefault("queue.mode", "consume")
                        .replace('-', '_')
                        .toUpperCase(Locale.ROOT)),
                Integer.parseInt(texts.getOrDefault("queue.lanes", "16")),
                Optional.ofNullable(texts.get("tx.home")),
                List.of("refuse", "warn").indexOf(texts.getOrDefault("on-failure", "refuse")) == 0);
    }

    private static Duration duration(Map<String, String> texts, String key, String otherwise) {
        return Durations.parse(texts.getOrDefault(key, otherwise));
    }
}
