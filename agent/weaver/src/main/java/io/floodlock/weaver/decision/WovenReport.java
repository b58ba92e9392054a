package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.thread.AgentThreads;
import io.floodlock.weaver.log.WeaverLog;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Logs that the agent does something in this JVM: its first woven method, and ten seconds later how many there are. Nothing
 * more, however many follow; floodlock.explain=true logs each. Thread-safe.
 */
public final class WovenReport {

    private static final long WHILE_SECONDS = 10;

    private final AtomicInteger methods = new AtomicInteger();

    public void woven(CallSpec spec) {
        if (methods.getAndIncrement() > 0) {
            return;
        }
        WeaverLog.LOG.info("The first method is woven: {}", spec.displayName());
        AgentThreads.daemon("floodlock-woven", this::countAfterAWhile).start();
    }

    private void countAfterAWhile() {
        try {
            TimeUnit.SECONDS.sleep(WHILE_SECONDS);
            int woven = methods.get();
            WeaverLog.LOG.info(
                    "{} woven so far; floodlock.explain=true logs each", woven == 1 ? "1 method" : woven + " methods");
        } catch (InterruptedException ended) {
            // nobody waits for it
        }
    }
}
