package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The runs of one queued method in this JVM: those under way, and those given up whose body may still begin on another
 * thread. It counts the runs in a row that did not reach the body. {@link ConsumedCall} tells it of both. Thread-safe.
 */
final class SiteRuns {

    /** So many runs in a row that did not reach the body stop the method's consumption in this JVM. */
    static final int UNREACHED = 3;

    private static final int REMEMBERED = 1_000;

    private final Set<ConsumedCall> known = ConcurrentHashMap.newKeySet();

    @GuardedBy("this")
    private final Deque<ConsumedCall> givenUp = new ArrayDeque<>();

    private final AtomicInteger unreached = new AtomicInteger();

    void add(ConsumedCall run) {
        known.add(run);
    }

    /** Whether the call that begins is the body of a run that another thread, the consumer's, has begun. */
    boolean arrives(QueueSite called, Object instance, Object[] given) {
        if (known.isEmpty()) {
            return false;
        }
        for (ConsumedCall run : known) {
            if (run.isMarkedBy(given)) {
                return run.arrives(called, instance);
            }
        }
        return false;
    }

    /**
     * A run is over.
     *
     * @param failed whether it failed, so that nothing can be said about its way to the body
     */
    void over(ConsumedCall run, boolean reached, boolean failed) {
        if (reached) {
            known.remove(run);
            return;
        }
        if (!failed) {
            unreached.incrementAndGet();
        }
        giveUp(run);
    }

    private synchronized void giveUp(ConsumedCall run) {
        givenUp.add(run);
        while (givenUp.size() > REMEMBERED
                || !givenUp.isEmpty() && !givenUp.peek().isRecognizable()) {
            known.remove(givenUp.poll());
        }
    }

    void reached() {
        if (unreached.get() != 0) {
            unreached.set(0);
        }
    }

    boolean haveStopped() {
        return unreached.get() >= UNREACHED;
    }
}
