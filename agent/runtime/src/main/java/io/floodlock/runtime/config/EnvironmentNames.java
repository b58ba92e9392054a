package io.floodlock.runtime.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Classifies the environment variables whose names begin with {@code FLOODLOCK_}, the prefix of the settings. Other
 * programs set such variables too. Kubernetes sets {@code FLOODLOCK_REDIS_PORT=tcp://10.0.0.7:6379} and eight more
 * for a Service named floodlock-redis, and scripts often set a {@code FLOODLOCK_HOME}. So an unknown name stops the
 * start only if it looks like a misspelt setting. {@link SettingsLoader} applies the result.
 *
 * <pre>
 * name                             kind         effect
 * of a setting                     SETTING      its value counts, unless it is blank
 * of the form of orchestrators     FOREIGN      none
 * nearly that of a setting         MISSPELT     the start stops
 * any other                        UNKNOWN      a warning
 * </pre>
 */
final class EnvironmentNames {

    static final String PREFIX = "FLOODLOCK_";

    enum Kind {
        SETTING,
        FOREIGN,
        MISSPELT,
        UNKNOWN
    }

    /** @param key the key of the setting that is meant or probably meant; null otherwise */
    record Meaning(Kind kind, String key) {}

    /** Names that Kubernetes sets for a Service, or Docker for a linked container. No setting's name ends so. */
    private static final Pattern INJECTED = Pattern.compile("(?:[A-Z0-9_]+_)?(?:SERVICE_HOST"
            + "|SERVICE_PORT(?:_[A-Z0-9_]+)?"
            + "|PORT_\\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)");

    private static final Pattern ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://.*");

    private EnvironmentNames() {}

    static Meaning of(String name, String value) {
        String suffix = name.substring(PREFIX.length()).toUpperCase(Locale.ROOT);
        for (Setting setting : Setting.values()) {
            if (suffixOf(setting).equals(suffix)) {
                return new Meaning(Kind.SETTING, setting.key());
            }
        }
        if (isInjected(suffix, value)) {
            return new Meaning(Kind.FOREIGN, null);
        }
        Optional<Setting> near = near(suffix);
        return near.isPresent() ? new Meaning(Kind.MISSPELT, near.get().key()) : new Meaning(Kind.UNKNOWN, null);
    }

    /** The environment variable of a setting. */
    static String of(String key) {
        return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String suffixOf(Setting setting) {
        return of(setting.key()).substring(PREFIX.length());
    }

    /** A user may write FLOODLOCK_REDIS_PORT=6379; an orchestrator writes an address there. */
    static boolean isInjected(String suffix, String value) {
        boolean port = suffix.equals("PORT") || suffix.endsWith("_PORT");
        return INJECTED.matcher(suffix).matches()
                || port && ADDRESS.matcher(value).matches();
    }

    private static Optional<Setting> near(String suffix) {
        Setting nearest = null;
        int least = Integer.MAX_VALUE;
        for (Setting setting : Setting.values()) {
            String known = suffixOf(setting);
            int steps = steps(suffix, known);
            if (steps <= allowed(Math.max(suffix.length(), known.length())) && steps < least) {
                nearest = setting;
                least = steps;
            }
        }
        return Optional.ofNullable(nearest);
    }

    private static int allowed(int length) {
        return length < 6 ? 1 : 2;
    }

    /** The number of letters that were omitted, added, replaced or exchanged with their neighbour. */
    private static int steps(String one, String other) {
        int[][] steps = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int replaced = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                steps[i][j] = Math.min(steps[i - 1][j - 1] + replaced, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    steps[i][j] = Math.min(steps[i][j], steps[i - 2][j - 2] + 1);
                }
            }
        }
        return steps[one.length()][other.length()];
    }
}
