package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.weaver.log.WeaverLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows in the log that the agent is active in this JVM. It logs the first woven method and, ten seconds later, the
 * number of woven methods so far; no further lines follow. {@code floodlock.explain=true} logs every woven method.
 * Thread-safe.
 */
public final class WovenReport {

    private static final long WHILE_SECONDS = 10;

    private final AtomicInteger methods = new AtomicInteger();

    public void woven(CallSpec spec) {
        if (methods.getAndIncrement() > 0) {
            return;
        }
        WeaverLog.LOG.info("The first method has been woven: {}", spec.displayName());
        AgentThreads.daemon("floodlock-woven", this::countAfterAWhile).start();
    }

    private void countAfterAWhile() {
        try {
            TimeUnit.SECONDS.sleep(WHILE_SECONDS);
            int woven = methods.get();
            WeaverLog.LOG.info(
                    "{} woven so far; floodlock.explain=true logs each", woven == 1 ? "1 method" : woven + " methods");
        } catch (InterruptedException ended) {
            // the thread just ends; nothing waits for it
        }
    }
}
