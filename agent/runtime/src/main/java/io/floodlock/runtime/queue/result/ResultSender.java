package io.floodlock.runtime.queue.result;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.queue.store.Outage;
import io.floodlock.runtime.queue.store.ResultChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Stores outcomes of calls for which other JVMs wait. For each JVM it sends one request at a time, with all outcomes
 * that were collected meanwhile, and repeats it until Redis confirms it. A repeated store does no harm. On a cluster
 * the outcomes for one JVM don't wait for a dead node that holds those of another. Thread-safe.
 */
public final class ResultSender {

    private static final long PAUSE_MS = 200;

    private record UnsentResult(CallId id, byte[] record, CompletableFuture<Void> stored) {}

    private final ResultChannel channel;
    private final ScheduledExecutorService timer;
    private final Outage outage = new Outage(
            "Results of queued calls can't be stored, so the calls count as" + " unfinished; the agent keeps trying");

    /** By receiving session. A session with a request under way has an entry, empty if no outcome waits. */
    @GuardedBy("this")
    private final Map<UUID, List<UnsentResult>> waiting = new HashMap<>();

    public ResultSender(ResultChannel channel, ScheduledExecutorService timer) {
        this.channel = channel;
        this.timer = timer;
    }

    /** @param session of the JVM that waits for the outcome */
    public CompletableFuture<Void> send(UUID session, CallId id, CallOutcome outcome) {
        UnsentResult letter = new UnsentResult(id, outcome.toBytes(), new CompletableFuture<>());
        synchronized (this) {
            List<UnsentResult> others = waiting.get(session);
            if (others != null) {
                others.add(letter);
                return letter.stored();
            }
            waiting.put(session, new ArrayList<>());
        }
        send(session, List.of(letter));
        return letter.stored();
    }

    private void sendNext(UUID session) {
        List<UnsentResult> letters;
        synchronized (this) {
            letters = waiting.get(session);
            if (letters.isEmpty()) {
                waiting.remove(session);
                return;
            }
            waiting.put(session, new ArrayList<>());
        }
        send(session, letters);
    }

    private void send(UUID session, List<UnsentResult> letters) {
        Map<String, byte[]> results = new LinkedHashMap<>();
        letters.forEach(letter -> results.put(letter.id().toString(), letter.record()));
        channel.store(session, results).whenComplete((done, failure) -> {
            if (failure != null) {
                outage.failed(failure);
                later(session, letters);
            } else {
                outage.succeeded();
                letters.forEach(letter -> letter.stored().complete(null));
                sendNext(session);
            }
        });
    }

    private void later(UUID session, List<UnsentResult> letters) {
        try {
            timer.schedule(() -> send(session, letters), PAUSE_MS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // this JVM ends; the next owner of the lanes runs the calls again
        }
    }
}
