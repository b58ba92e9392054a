package io.floodlock.runtime.lock;

import io.floodlock.runtime.failure.FloodlockFailure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;

/** What a bucket gives back to Redis: one call for all that comes while another is under way. */
final class Releases {

    /*
     * One call is under way at most, begun by whoever finds none under way, who waits for nothing; its answer begins the next.
     * So releases are as prompt as Redis answers, and the busier it is, the more of them a call has. To leave the first one to
     * an agent thread would cost more than to send it where processors are busy: others wait for the key, and that thread for
     * its turn.
     *
     * A hold that nobody here has would block others as long as this JVM lives: what has not been acknowledged is kept, and
     * sent again when Redis is heard again. It may have been done: then it is a no-op there. What belongs to a session that
     * has ended needs no release.
     */

    /** More would keep Redis from others for too long: each takes it about 10 us. */
    private static final int AT_ONCE = 64;

    /** Runs the release script. */
    interface Sender {
        void send(Session session, Object[] arguments, BiConsumer<Reply, FloodlockFailure> then);
    }

    private final Sender sender;
    private final Queue<Release> due = new ConcurrentLinkedQueue<>();
    private final Queue<Release> owed = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean underWay = new AtomicBoolean();

    /** @param known completed when Redis has answered or failed to, or needs not hear of it; null where nobody waits for that */
    private record Release(Session session, long grant, String name, CompletableFuture<Void> known) {
        void done() {
            if (known != null) {
                known.complete(null);
            }
        }
    }

    Releases(Sender sender) {
        this.sender = sender;
    }

    /** To be sent by {@link #flush}. */
    void add(Session session, long grant, String name, CompletableFuture<Void> known) {
        due.add(new Release(session, grant, name, known));
    }

    /** Begins a call if there is something to send and none is under way. */
    void flush() {
        if (!due.isEmpty() && underWay.compareAndSet(false, true)) {
            send();
        }
    }

    /** Redis is heard again: what it may not have heard is sent again. */
    void again() {
        for (Release release = owed.poll(); release != null; release = owed.poll()) {
            due.add(release);
        }
        flush();
    }

    private void send() {
        for (boolean answered = true; answered; ) {
            List<Release> batch = next();
            while (batch.isEmpty()) {
                underWay.set(false);
                // one that was added just before found a call under way
                if (due.isEmpty() || !underWay.compareAndSet(false, true)) {
                    return;
                }
                batch = next();
            }
            answered = send(batch);
        }
    }

    /**
     * Who comes second of the answer and the return of the call that asks for it goes on: an answer that is there at once, as
     * where a connection is refused, would go one call deeper for each batch.
     *
     * @return whether the caller is to go on
     */
    private boolean send(List<Release> batch) {
        Object[] arguments = new Object[1 + 2 * batch.size()];
        arguments[0] = batch.get(0).session.id;
        for (int i = 0; i < batch.size(); i++) {
            arguments[1 + 2 * i] = Long.toString(batch.get(i).grant);
            arguments[2 + 2 * i] = batch.get(i).name;
        }
        AtomicBoolean first = new AtomicBoolean();
        sender.send(batch.get(0).session, arguments, (reply, failure) -> {
            if (failure != null) {
                owed.addAll(batch);
            }
            batch.forEach(Release::done);
            if (!first.compareAndSet(false, true)) {
                send();
            }
        });
        return !first.compareAndSet(false, true);
    }

    /** Of one session, each name once. */
    private List<Release> next() {
        List<Release> batch = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Release first = due.peek(); first != null && batch.size() < AT_ONCE; first = due.peek()) {
            if (first.session.status() == Session.Status.ENDED) {
                due.poll().done();
            } else if (!batch.isEmpty() && batch.get(0).session != first.session || !names.add(first.name)) {
                return batch;
            } else {
                batch.add(due.poll());
            }
        }
        return batch;
    }
}
