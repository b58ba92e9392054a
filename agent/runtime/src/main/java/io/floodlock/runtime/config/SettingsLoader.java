package io.floodlock.runtime.config;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Collects the settings from where people put them. For one key the first of these counts: system property
 * {@code floodlock.x.y}, environment {@code FLOODLOCK_X_Y}, agent argument {@code x.y=..}, the file that
 * {@code floodlock.config} names.
 *
 * <p>Reads the file through {@code java.io}: this runs before {@code main}, when the default FileSystem must stay untouched.
 */
public final class SettingsLoader {

    private static final String PREFIX = "floodlock.";
    private static final String ENVIRONMENT_PREFIX = "FLOODLOCK_";
    // a comma ends an argument only where another key follows: server lists contain commas
    private static final Pattern NEXT_ARGUMENT = Pattern.compile(",(?=\\s*[a-z][a-z.-]*=)");

    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, String> origins = new TreeMap<>();

    private SettingsLoader() {}

    /**
     * @param agentArguments what follows {@code =} in {@code -javaagent:floodlock-agent.jar=}; null where nothing does
     * @throws BadSettingException naming each unknown key and bad value, where it stands and what is allowed
     */
    public static Settings load(Properties system, Map<String, String> environment, String agentArguments) {
        SettingsLoader loader = new SettingsLoader();
        for (String name : system.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                loader.put(name.substring(PREFIX.length()), system.getProperty(name), "system property");
            }
        }
        environment.forEach((name, value) -> {
            if (name.startsWith(ENVIRONMENT_PREFIX)) {
                loader.put(keyOf(name), value, "environment variable " + name);
            }
        });
        loader.arguments(agentArguments);
        String file = loader.texts.get(Setting.CONFIG.key());
        if (file != null) {
            loader.file(file);
        }
        return SettingsParser.parse(loader.texts, loader.origins);
    }

    private void put(String key, String value, String origin) {
        if (texts.putIfAbsent(key, value) == null) {
            origins.put(key, origin);
        }
    }

    /** FLOODLOCK_QUEUE_MODE names queue.mode: dots and dashes both became underscores. */
    private static String keyOf(String variable) {
        String suffix = variable.substring(ENVIRONMENT_PREFIX.length());
        for (Setting setting : Setting.values()) {
            if (setting.key().replace('.', '_').replace('-', '_').equalsIgnoreCase(suffix)) {
                return setting.key();
            }
        }
        return suffix.toLowerCase(Locale.ROOT).replace('_', '.');
    }

    private void arguments(String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        for (String argument : NEXT_ARGUMENT.split(text)) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                throw new BadSettingException("agent argument '" + Secrets.mask(argument)
                        + "' has no value; write key=value,key=value, as redis=redis://host:6379,lease=10s");
            }
            put(argument.substring(0, equals).strip(), argument.substring(equals + 1), "agent argument");
        }
    }

    private void file(String path) {
        Properties properties = new Properties();
        try (Reader in = new InputStreamReader(new FileInputStream(new File(path)), StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new BadSettingException("floodlock.config (" + origins.get(Setting.CONFIG.key()) + ") names '" + path
                    + "', which can't be read as a properties file: " + e.getMessage());
        }
        for (String name : properties.stringPropertyNames()) {
            if (!name.startsWith(PREFIX)) {
                throw new BadSettingException(
                        "'" + name + "' in " + path + " is not a setting; every key there starts with " + PREFIX);
            }
            put(name.substring(PREFIX.length()), properties.getProperty(name), "in " + path);
        }
    }
}
