package io.floodlock.weaver.log;

import io.floodlock.runtime.config.LogLevel;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** A logger of the agent itself or of a library that it contains. Libraries log at WARN and ERROR only. Thread-safe. */
final class AgentLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    private static final String OWN = "io.floodlock.";

    private final boolean own;

    AgentLogger(String name) {
        this.name = name;
        this.own = name.startsWith(OWN);
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
        AgentLog.write(
                LogLevel.valueOf(level.name()), name, MessageFormatter.basicArrayFormat(pattern, arguments), throwable);
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return own && AgentLog.writes(LogLevel.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return own && AgentLog.writes(LogLevel.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return AgentLog.writes(LogLevel.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }
}
