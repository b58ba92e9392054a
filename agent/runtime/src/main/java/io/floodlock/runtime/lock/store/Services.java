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
 * The services of this JVM that the lock engine and its store use, for any kind of store. Thread-safe.
 *
 * @param application the name of the application, for messages to other JVMs
 * @param agentThreads few threads, for short tasks that never block
 * @param asyncThreads for listeners, which may run the application's code
 * @param grants the last grant id given out; ids grow, so that a later request of this JVM is known as later
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

    /** This JVM's application, host and pid, for messages of other JVMs. The first call may read a file. */
    public String label() {
        return "application '" + application + "' on " + Host.NAME + ", pid "
                + ProcessHandle.current().pid();
    }

    /** Read once, as the host's name may have to be read from a file. */
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
