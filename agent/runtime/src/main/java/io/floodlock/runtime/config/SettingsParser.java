package io.floodlock.runtime.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns texts by key into {@link Settings}, collecting everything that is wrong before it complains. */
final class SettingsParser {

    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_-]{1,12}");

    private final Map<String, String> texts;
    /** Where each text came from, for messages. */
    private final Map<String, String> origins;

    private final List<String> wrong;

    private SettingsParser(Map<String, String> texts, Map<String, String> origins, List<String> wrong) {
        this.texts = texts;
        this.origins = origins;
        this.wrong = new ArrayList<>(wrong);
    }

    /** @param wrong what is to be complained of already */
    static Settings parse(Map<String, String> texts, Map<String, String> origins, List<String> wrong) {
        return new SettingsParser(texts, origins, wrong).parse();
    }

    private Settings parse() {
        new TreeMap<>(texts)
                .keySet().stream()
                        .filter(key -> Setting.of(key).isEmpty())
                        .forEach(key -> wrong.add(named(key) + " is not a setting; there are " + allKeys()));
        value(Setting.ENABLED, SettingsParser::yesOrNo);
        Settings settings = new Settings(
                servers(),
                optional(Setting.REDISSON).map(Path::of),
                value(Setting.NAMESPACE, SettingsParser::namespace),
                duration(Setting.LEASE, Duration.ofSeconds(1), Duration.ofMinutes(5)),
                duration(Setting.SHUTDOWN_WAIT, Duration.ZERO, Duration.ofMinutes(10)),
                duration(Setting.QUEUE_DRAIN, Duration.ZERO, Duration.ofMinutes(10)),
                value(Setting.QUEUE_MODE, SettingsParser::queueMode),
                value(Setting.QUEUE_LANES, text -> number(text, 1, 1024)),
                optional(Setting.TX_HOME),
                value(Setting.ON_FAILURE, SettingsParser::refuses),
                value(Setting.EXPLAIN, SettingsParser::yesOrNo),
                optional(Setting.RULES),
                value(Setting.LOG, SettingsParser::target),
                value(Setting.LOG_LEVEL, SettingsParser::level));
        if (!wrong.isEmpty()) {
            throw new BadSettingException(String.join(System.lineSeparator(), wrong));
        }
        return settings;
    }

    private Optional<String> optional(Setting setting) {
        return Optional.ofNullable(texts.get(setting.key())).filter(text -> !text.isBlank());
    }

    private Duration duration(Setting setting, Duration least, Duration most) {
        return value(setting, text -> {
            Duration duration = Durations.parse(text);
            if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException("out of range");
            }
            return duration;
        });
    }

    private <T> T value(Setting setting, Function<String, T> parse) {
        String text = texts.getOrDefault(setting.key(), setting.byDefault());
        try {
            return parse.apply(text.strip());
        } catch (IllegalArgumentException e) {
            wrong.add(complaint(setting, text));
            return parse.apply(setting.byDefault());
        }
    }

    private String complaint(Setting setting, String text) {
        return named(setting.key()) + " is '" + Secrets.mask(text) + "'; it must be " + setting.allowed();
    }

    private String named(String key) {
        String origin = origins.get(key);
        return "floodlock." + key + (origin == null ? "" : " (" + origin + ")");
    }

    /** As {@link RedisUrls#parse}, keeping what it says to mend. */
    private List<URI> servers() {
        String text = texts.getOrDefault(Setting.REDIS.key(), Setting.REDIS.byDefault());
        try {
            return RedisUrls.parse(text.strip());
        } catch (IllegalArgumentException e) {
            wrong.add(complaint(Setting.REDIS, text) + "; " + e.getMessage());
            return List.of();
        }
    }

    private static String namespace(String text) {
        if (!NAMESPACE.matcher(text).matches()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static QueueMode queueMode(String text) {
        if (!text.equals(text.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(text);
        }
        return QueueMode.valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
    }

    private static String target(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException(text);
        }
        return text;
    }

    private static LogLevel level(String text) {
        for (LogLevel level : LogLevel.values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(text)) {
                return level;
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static boolean refuses(String text) {
        return switch (text) {
            case "refuse" -> true;
            case "warn" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static int number(String text, int least, int most) {
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    static String allKeys() {
        List<String> keys = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            keys.add(setting.key());
        }
        return String.join(", ", keys);
    }
}
