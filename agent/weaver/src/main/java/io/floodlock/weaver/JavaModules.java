package io.floodlock.weaver;

import io.floodlock.runtime.config.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the modules of the JDK that this JVM lacks and the agent uses, and describes the consequences. An image that
 * jlink has built has the modules that it was given. An application that is started as a module has the modules that it
 * requires. Locks, queues and rules need only java.base and java.instrument. {@link Start} and the jar's commands call
 * it.
 *
 * <pre>
 * java.sql        no JDBC: a class with @DistributedTx or fenced locks is refused; nothing else changes
 * java.desktop    Redisson's YAML can't be read, because its parser needs java.beans: the start is refused
 * jdk.crypto.ec   before JDK 22, no TLS with elliptic curves, which servers use: rediss:// may be refused
 * </pre>
 */
public final class JavaModules {

    /** From this JDK on, java.base includes elliptic curves. */
    private static final int CURVES_IN_BASE = 22;

    private JavaModules() {}

    /**
     * Describes what is missing without being required by a setting, one sentence each.
     *
     * @throws IllegalArgumentException if a module is missing that the settings require
     */
    static List<String> missing(Settings settings) {
        if (settings.redisson().isPresent() && !has("java.desktop")) {
            throw new IllegalArgumentException(
                    "floodlock.redisson needs the module java.desktop to read YAML, and this Java runtime lacks it."
                            + " Add it to the image (jlink --add-modules java.desktop) or to the start (java"
                            + " --add-modules java.desktop), or use floodlock.redis");
        }
        List<String> missing = new ArrayList<>(2);
        if (!has("java.sql")) {
            missing.add(
                    "This Java runtime lacks the module java.sql: @DistributedTx and fenced locks are refused, and no"
                            + " JDBC transaction keeps a lock");
        }
        if (usesTls(settings) && Runtime.version().feature() < CURVES_IN_BASE && !has("jdk.crypto.ec")) {
            missing.add(
                    "This Java runtime lacks the module jdk.crypto.ec, without which most servers refuse TLS; add it to"
                            + " the image (jlink --add-modules jdk.crypto.ec)");
        }
        return missing;
    }

    /** Null if the commands of the jar can run. */
    public static String missingForTool() {
        return has("java.sql")
                ? null
                : "The commands of floodlock-agent.jar need the module java.sql, which this Java runtime lacks; run"
                        + " them with a full JDK.";
    }

    private static boolean usesTls(Settings settings) {
        for (URI server : settings.redis()) {
            if ("rediss".equals(server.getScheme())) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(String module) {
        return ModuleLayer.boot().findModule(module).isPresent();
    }
}
