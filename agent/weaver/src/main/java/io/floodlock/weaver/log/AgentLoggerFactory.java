package io.floodlock.weaver.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/** Creates one logger for each name. Thread-safe. */
final class AgentLoggerFactory implements ILoggerFactory {

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public Logger getLogger(String name) {
        Logger logger = loggers.get(name);
        if (logger == null) {
            Logger made = new AgentLogger(name);
            logger = loggers.putIfAbsent(name, made);
            return logger == null ? made : logger;
        }
        return logger;
    }
}
