package io.floodlock.weaver.log;

/** Destination of log lines. Never throws and never waits for the application. Thread-safe. */
interface LogTarget {

    void write(LogLine line);
}
