package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.event.Events;
import io.floodlock.runtime.thread.BodyThreads;
import io.floodlock.runtime.time.Clock;
import io.floodlock.runtime.time.Scheduler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the lock engine uses of this JVM, whatever stores its grants. Thread-safe.
 *
 * @param application as messages to other JVMs name it
 * @param agentThreads few, for what is short and never blocks
 * @param asyncThreads for listeners, which may run the application's code
 * @param grants grant ids given out so far; they grow, so that a later request of this JVM is known as later
 */
public record Services(
        String application,
        Executor agentThreads,
        BodyThreads asyncThreads,
        Events events,
        Clock clock,
        Scheduler timer,
        AtomicLong grants) {

    public Services(
            String application,
            Executor agentThreads,
            BodyThreads asyncThreads,
            Events events,
            Clock clock,
            Scheduler timer) {
        this(application, agentThreads, asyncThreads, events, clock, timer, new AtomicLong());
    }

    /** Application, host and pid, as messages of other JVMs name this one. Reads a file. */
    public String label() {
        return "application '" + application + "' on " + Host.NAME + ", pid "
                + ProcessHandle.current().pid();
    }

    /** Read once: the name may have to be read from a file. */
    private static final class Host {
        static final String NAME = host();
    }

    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name == null || name.isBlank()) {
            name = System.getenv("COMPUTERNAME");
        }
        if (name == null || name.isBlank()) {
            try {
                name = Files.readString(Path.of("/etc/hostname")).strip();
            } catch (IOException e) {
                name = "an unnamed host";
            }
        }
        return name;
    }
}
