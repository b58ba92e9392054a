package io.floodlock.runtime.thread;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread of the agent that repeats one turn until its end is requested or it is interrupted, whatever a turn throws.
 * A heap that is full for a moment must not end it: nothing would start it again. The lease renewal and the connection
 * watch run on such threads.
 */
public final class AgentLoop implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(AgentLoop.class);
    /** Pause after a failed turn, so that a turn that always fails doesn't use up a processor. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** The repeated step. It waits by itself until there is something to do. */
    public interface Turn {
        void run() throws InterruptedException;
    }

    private final String name;
    private final BooleanSupplier ended;
    private final Turn turn;

    private AgentLoop(String name, BooleanSupplier ended, Turn turn) {
        this.name = name;
        this.ended = ended;
        this.turn = turn;
    }

    /** Starts the thread, a daemon. */
    public static void start(String name, BooleanSupplier ended, Turn turn) {
        AgentThreads.daemon(name, new AgentLoop(name, ended, turn)).start();
    }

    @Override
    public void run() {
        while (!ended.getAsBoolean()) {
            try {
                turn.run();
            } catch (InterruptedException e) {
                return;
            } catch (Throwable e) {
                survive(e);
            }
        }
    }

    private void survive(Throwable failure) {
        try {
            LOG.error("A turn of the thread {} has failed; the thread goes on", name, failure);
            LockSupport.parkNanos(PAUSE_NANOS);
        } catch (Throwable e) {
            // no memory even for a log line: the next turn may have some
        }
    }
}
