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

/**
 * Converts texts by key into {@link Settings}. It collects all mistakes before it throws. {@link SettingsLoader}
 * calls it. The code has no lambdas and no patterns, because it runs before {@code main}, when each of them is
 * expensive.
 */
final class SettingsParser {

    private final Map<String, String> texts;
    /** The source of each text, for messages. */
    private final Map<String, String> origins;

    private final List<String> wrong;

    private SettingsParser(Map<String, String> texts, Map<String, String> origins, List<String> wrong) {
        this.texts = texts;
        this.origins = origins;
        this.wrong = new ArrayList<>(wrong);
    }

    /** @param wrong mistakes that were found before */
    static Settings parse(Map<String, String> texts, Map<String, String> origins, List<String> wrong) {
        return new SettingsParser(texts, origins, wrong).parse();
    }

    private Settings parse() {
        for (String key : new TreeMap<>(texts).keySet()) {
            if (Setting.of(key).isEmpty()) {
                wrong.add(named(key) + " is not a setting; the settings are " + allKeys());
            }
        }
        value(Setting.ENABLED);
        String redisson = optional(Setting.REDISSON);
        Settings settings = new Settings(
                servers(),
                redisson == null ? Optional.empty() : Optional.of(Path.of(redisson)),
                (String) value(Setting.NAMESPACE),
                (Duration) value(Setting.LEASE),
                (Duration) value(Setting.SHUTDOWN_WAIT),
                (Duration) value(Setting.QUEUE_DRAIN),
                (QueueMode) value(Setting.QUEUE_MODE),
                (Integer) value(Setting.QUEUE_LANES),
                Optional.ofNullable(optional(Setting.QUEUE_HOME)),
                Optional.ofNullable(optional(Setting.TX_HOME)),
                (Boolean) value(Setting.ON_FAILURE),
                (Boolean) value(Setting.EXPLAIN),
                Optional.ofNullable(optional(Setting.RULES)),
                (String) value(Setting.LOG),
                (LogLevel) value(Setting.LOG_LEVEL));
        if (!wrong.isEmpty()) {
            throw new BadSettingException(String.join(System.lineSeparator(), wrong));
        }
        return settings;
    }

    /** Null if the text is blank or missing. */
    private String optional(Setting setting) {
        String text = texts.get(setting.key());
        return text == null || text.isBlank() ? null : text;
    }

    private Object value(Setting setting) {
        String text = texts.getOrDefault(setting.key(), setting.byDefault());
        try {
            return parse(setting, text.strip());
        } catch (IllegalArgumentException e) {
            wrong.add(complaint(setting, text));
            return parse(setting, setting.byDefault());
        }
    }

    private static Object parse(Setting setting, String text) {
        return switch (setting) {
            case NAMESPACE -> namespace(text);
            case LEASE -> duration(text, Duration.ofSeconds(1), Duration.ofMinutes(5));
            case SHUTDOWN_WAIT, QUEUE_DRAIN -> duration(text, Duration.ZERO, Duration.ofMinutes(10));
            case QUEUE_MODE -> queueMode(text);
            case QUEUE_LANES -> number(text, 1, 1024);
            case ON_FAILURE -> refuses(text);
            case ENABLED, EXPLAIN -> yesOrNo(text);
            case LOG -> target(text);
            case LOG_LEVEL -> level(text);
            case REDIS, REDISSON, RULES, QUEUE_HOME, TX_HOME, CONFIG -> text;
        };
    }

    private static Duration duration(String text, Duration least, Duration most) {
        Duration duration = Durations.parse(text);
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException("out of range");
        }
        return duration;
    }

    private String complaint(Setting setting, String text) {
        return named(setting.key()) + " is '" + Secrets.mask(text) + "'; it must be " + setting.allowed();
    }

    private String named(String key) {
        String origin = origins.get(key);
        return "floodlock." + key + (origin == null ? "" : " (" + origin + ")");
    }

    /** Like {@link #value}, but adds to the message how to correct the URL. */
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
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-')) {
                throw new IllegalArgumentException(text);
            }
        }
        if (text.isEmpty() || text.length() > 12) {
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
