package io.floodlock.weaver.log;

import io.floodlock.runtime.config.LogLevel;
import io.floodlock.runtime.config.Settings;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.function.Function;

/**
 * Where the agent's log goes in this JVM, and from which level on; until it is set, to standard error from INFO on. SLF4J's
 * loggers end here, and a start that has one line to write comes here without loading SLF4J. Thread-safe.
 */
public final class AgentLog {

    private static volatile LogTarget target = new StderrTarget();
    private static volatile LogLevel least = LogLevel.INFO;

    private AgentLog() {}

    /**
     * To be called once, before the agent has other threads.
     *
     * @param lookups gives private lookups of the application's classes
     * @throws IllegalArgumentException if the file that is to be the log can't be written
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

    /** Whether a line of that level is written, be it of the agent itself. */
    static boolean writes(LogLevel level) {
        return level.compareTo(least) <= 0;
    }

    /** Writes a line of the agent itself. @param throwable may be null */
    public static void write(LogLevel level, String logger, String text, Throwable throwable) {
        if (writes(level)) {
            target.write(LogLine.now(level, logger, text, throwable));
        }
    }
}
