package io.floodlock.weaver.log;

/** Where lines of the log go. Never throws and never waits for the application. Thread-safe. */
interface LogTarget {

    void write(LogLine line);
}
