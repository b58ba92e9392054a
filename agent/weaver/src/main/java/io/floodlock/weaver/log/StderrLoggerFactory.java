package io.floodlock.weaver.log;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** One logger per name: from INFO on for the agent itself, from WARN on for the libraries that it carries. */
final class StderrLoggerFactory implements ILoggerFactory {

    private static final String OWN = "io.floodlock.";

    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();

    @Override
    public Logger getLogger(String name) {
        Logger logger = loggers.get(name);
        if (logger == null) {
            Logger made = new StderrLogger(name, name.startsWith(OWN) ? Level.INFO : Level.WARN);
            logger = loggers.putIfAbsent(name, made);
            return logger == null ? made : logger;
        }
        return logger;
    }
}
