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
 * Collects the settings from all their sources. For every key the first of these sources counts: system property
 * {@code floodlock.x.y}, environment variable {@code FLOODLOCK_X_Y} unless blank, agent argument {@code x.y=..}, the
 * file that {@code floodlock.config} names.
 *
 * <p>Collecting never fails. So {@link #enabled()} and {@link #refuseOnFailure()} have an answer, with the same order
 * of sources, even if other settings are wrong; {@link #settings()} reports what is wrong. The agent's start and the
 * {@code check} command call it. It reads the file through {@code java.io}, because it runs before {@code main}, when
 * the default FileSystem must not be initialized. Not thread-safe.
 */
public final class SettingsLoader {

    private static final String PREFIX = "floodlock.";
    private final Map<String, String> texts = new TreeMap<>();
    private final Map<String, String> origins = new TreeMap<>();
    /** Mistakes found while collecting. */
    private final List<String> wrong = new ArrayList<>();

    private final List<String> warnings = new ArrayList<>();

    private SettingsLoader() {}

    /**
     * @param agentArguments the text after {@code =} in {@code -javaagent:floodlock-agent.jar=}; null if there is
     *     none
     */
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
     * Collects and checks the settings.
     *
     * @throws BadSettingException as {@link #settings()}
     */
    public static Settings load(Properties system, Map<String, String> environment, String agentArguments) {
        return collect(system, environment, agentArguments).settings();
    }

    /** Whether the agent should start. Works for unusable settings too. */
    public boolean enabled() {
        return !"false".equals(text(Setting.ENABLED));
    }

    /** Whether the application must not start if the agent can't. Works for unusable settings too. */
    public boolean refuseOnFailure() {
        return !"warn".equals(text(Setting.ON_FAILURE));
    }

    /** Variables that were ignored and may have been meant for Floodlock; one sentence each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** @throws BadSettingException with each unknown key and bad value, its source and the allowed values */
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
                // compose files and charts write a variable that is not set as blank
                case SETTING -> {
                    if (!variable.getValue().isBlank()) {
                        put(meaning.key(), variable.getValue(), "environment variable " + name);
                    }
                }
                case MISSPELT ->
                    wrong.add("environment variable " + name + " is not a setting; write "
                            + EnvironmentNames.of(meaning.key()) + " if floodlock." + meaning.key()
                            + " is meant, otherwise give the variable another name");
                case UNKNOWN ->
                    warnings.add("environment variable " + name + " is not a setting and is ignored; the settings are "
                            + SettingsParser.allKeys());
                case FOREIGN -> {
                    // set by an orchestrator
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
                        + "' has no value; write key=value,key=value, for example redis=redis://host:6379,lease=10s");
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
                wrong.add("'" + name + "' in " + path + " is not a setting; every key in this file starts with "
                        + PREFIX);
            }
        }
    }
}
