package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.event.StallLog;
import io.floodlock.runtime.queue.record.CallId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of one queue that wait in this JVM for the database that records which calls have run. The log names each
 * once, and again when it continues. {@link CallRun} has one. Thread-safe.
 */
final class WaitingCalls {

    private static final int MOST = 1_000;

    private final Map<CallId, String> subjects = new ConcurrentHashMap<>();

    void waits(CallId call, String subject, String why) {
        if (subjects.size() < MOST) {
            subjects.put(call, subject);
        }
        StallLog.shared()
                .stalled(subject, why, "It is tried again each second, and no attempt is counted; its key waits");
    }

    void continues(CallId call) {
        if (!subjects.isEmpty()) {
            String subject = subjects.remove(call);
            if (subject != null) {
                StallLog.shared().resumed(subject);
            }
        }
    }
}
