package io.floodlock.runtime.config;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Collects the settings from where people put them. For every key the first of these counts: system property
 * {@code floodlock.x.y}, environment {@code FLOODLOCK_X_Y} unless blank, agent argument {@code x.y=..}, the file that
 * {@code floodlock.config} names.
 *
 * <p>Collecting never fails, so that {@link #enabled()} and {@link #refuseOnFailure()} have an answer, by the same order of
 * places, however wrong the rest may be; {@link #settings()} complains. Reads the file through {@code java.io}: this runs before
 * {@code main}, when the default FileSystem must stay untouched. Not thread-safe.
 */
public final class SettingsLoader {

    private static final String PREFIX = "floodlock.";
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, String> origins = new TreeMap<>();
    /** What can't even be collected. */
    private final List<String> wrong = new ArrayList<>();

    private final List<String> warnings = new ArrayList<>();

    private SettingsLoader() {}

    /** @param agentArguments what follows {@code =} in {@code -javaagent:floodlock-agent.jar=}; null where nothing does */
    public static SettingsLoader collect(Properties system, Map<String, String> environment, String agentArguments) {
        SettingsLoader loader = new SettingsLoader();
        for (String name : system.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                loader.put(name.substring(PREFIX.length()), system.getProperty(name), "system property");
            }
        }
        loader.environment(environment);
        loader.arguments(agentArguments);
        String file = loader.texts.get(Setting.CONFIG.key());
        if (file != null) {
            loader.file(file);
        }
        return loader;
    }

    /**
     * Collects and checks.
     *
     * @throws BadSettingException as {@link #settings()}
     */
    public static Settings load(Properties system, Map<String, String> environment, String agentArguments) {
        return collect(system, environment, agentArguments).settings();
    }

    /** Whether the agent is to start; also where the settings can't be used. */
    public boolean enabled() {
        return !"false".equals(text(Setting.ENABLED));
    }

    /** Whether an application is kept from starting where the agent can't; also where the settings can't be used. */
    public boolean refuseOnFailure() {
        return !"warn".equals(text(Setting.ON_FAILURE));
    }

    /** What was ignored and may have been meant for Floodlock; a sentence each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** @throws BadSettingException naming each unknown key and bad value, where it stands and what is allowed */
    public Settings settings() {
        return SettingsParser.parse(texts, origins, wrong);
    }

    private String text(Setting setting) {
        return texts.getOrDefault(setting.key(), setting.byDefault()).strip();
    }

    private void put(String key, String value, String origin) {
        if (texts.putIfAbsent(key, value) == null) {
            origins.put(key, origin);
        }
    }

    private void environment(Map<String, String> environment) {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(EnvironmentNames.PREFIX)) {
                continue;
            }
            EnvironmentNames.Meaning meaning = EnvironmentNames.of(name, variable.getValue());
            switch (meaning.kind()) {
                // blank is how compose files and charts write a variable that nobody has set
                case SETTING -> {
                    if (!variable.getValue().isBlank()) {
                        put(meaning.key(), variable.getValue(), "environment variable " + name);
                    }
                }
                case MISSPELT ->
                    wrong.add("environment variable " + name + " is not a setting; write "
                            + EnvironmentNames.of(meaning.key()) + " if floodlock." + meaning.key()
                            + " is meant, else give the variable another name");
                case UNKNOWN ->
                    warnings.add("environment variable " + name + " is not a setting and is ignored; there are "
                            + SettingsParser.allKeys());
                case FOREIGN -> {
                    // an orchestrator made it
                }
            }
        }
    }

    private void arguments(String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        // a comma ends an argument only where another key follows: server lists contain commas
        for (String argument : text.split(",(?=\\s*[a-z][a-z.-]*=)")) {
            int equals = argument.indexOf('=');
            if (equals < 0) {
                wrong.add("agent argument '" + Secrets.mask(argument)
                        + "' has no value; write key=value,key=value, as redis=redis://host:6379,lease=10s");
            } else {
                put(argument.substring(0, equals).strip(), argument.substring(equals + 1), "agent argument");
            }
        }
    }

    private void file(String path) {
        Properties properties = new Properties();
        try (Reader in = new InputStreamReader(new FileInputStream(new File(path)), StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (IOException | IllegalArgumentException e) {
            wrong.add("floodlock.config (" + origins.get(Setting.CONFIG.key()) + ") names '" + path
                    + "', which can't be read as a properties file: " + e.getMessage());
            return;
        }
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(PREFIX)) {
                put(name.substring(PREFIX.length()), properties.getProperty(name), "in " + path);
            } else {
                wrong.add("'" + name + "' in " + path + " is not a setting; every key there starts with " + PREFIX);
            }
        }
    }
}
