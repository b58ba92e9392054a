package io.floodlock.weaver.log;

import io.floodlock.runtime.config.LogLevel;
import io.floodlock.runtime.config.Settings;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/**
 * The agent's log in this JVM: its target and its least severe level. Until {@link #configure} is called, lines of
 * level INFO and above go to standard error. All of the agent's SLF4J loggers write here. A start that logs a single
 * line can call {@link #write} directly, without loading SLF4J. Thread-safe.
 */
public final class AgentLog {

    private static volatile LogTarget target = new StderrTarget();
    private static volatile LogLevel least = LogLevel.INFO;

    private AgentLog() {}

    /**
     * Sets level and target. Called once, before the agent has other threads.
     *
     * @param lookups gives private lookups of the application's classes
     * @throws IllegalArgumentException if the log file can't be written
     */
    public static void configure(
            Settings settings, Instrumentation instrumentation, Function<Class<?>, MethodHandles.Lookup> lookups) {
        least = settings.logLevel();
        if (settings.log().equals(Settings.SLF4J)) {
            target = new Slf4jTarget(new ApplicationSlf4j(instrumentation, lookups), target);
        } else if (!settings.log().equals(Settings.STDERR)) {
            target = new FileTarget(settings.log(), target);
        }
    }

    /** Whether lines of that level are written. */
    static boolean writes(LogLevel level) {
        return level.compareTo(least) <= 0;
    }

    /**
     * Writes a line of the agent itself, if its level is enabled.
     *
     * @param throwable may be null
     */
    public static void write(LogLevel level, String logger, String text, Throwable throwable) {
        if (writes(level)) {
            target.write(LogLine.now(level, logger, text, throwable));
        }
    }
}
