package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.GrantRequest;
import io.floodlock.runtime.lock.store.Session;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Sends the requests for keys of one bucket to Redis. A request takes along releases that are due. One that does not
 * wait is refused by a read of two fields while a busy notice about its key is known and still valid in Redis.
 * {@code RedisBucket} uses it. Thread-safe.
 */
final class GrantRequests {

    private final RedisNode node;
    private final BucketSession sessions;
    private final BucketScripts calls;
    private final PendingReleases releases;
    private final BusyNotices busyNotices = new BusyNotices();

    GrantRequests(RedisNode node, BucketSession sessions, PendingReleases releases) {
        this.node = node;
        this.sessions = sessions;
        this.calls = sessions.calls();
        this.releases = releases;
    }

    /**
     * Sends the request, and opens a session first if there is none. {@code then} receives the reply or the reason why
     * there is none.
     */
    void send(GrantRequest request, BiConsumer<GrantReply, FloodlockFailure> then) {
        Session session = sessions.live();
        if (session != null) {
            BusyNotice word = request.waits()
                    ? null
                    : busyNotices.of(request.name(), node.services().clock().nanoTime());
            if (word == null) {
                acquire(session, request, then);
            } else {
                confirm(word, request, then);
            }
            return;
        }
        sessions.open().whenComplete((opened, failure) -> {
            if (failure != null) {
                then.accept(null, node.redis().explain(failure));
            } else if (request.givenUp()) {
                then.accept(null, noLongerWanted());
            } else {
                acquire(opened, request, then);
            }
        });
    }

    private static FloodlockFailure noLongerWanted() {
        return Failure.UNAVAILABLE.because("The request was withdrawn before it was sent to Redis");
    }

    /**
     * Refuses a request that does not wait if the holder's busy notice is still valid in Redis; otherwise sends the
     * request.
     */
    private void confirm(BusyNotice word, GrantRequest request, BiConsumer<GrantReply, FloodlockFailure> then) {
        calls.fields(
                values -> word.stands(values, node.services().clock().nanoTime()),
                (stands, failure) -> {
                    if (failure == null && stands) {
                        then.accept(new GrantReply.Busy(word.holder()), null);
                        return;
                    }
                    busyNotices.forget(word);
                    if (failure != null) {
                        then.accept(null, failure);
                    } else if (request.givenUp()) {
                        then.accept(null, noLongerWanted());
                    } else {
                        send(request, then);
                    }
                },
                word.fields());
    }

    private void acquire(Session session, GrantRequest request, BiConsumer<GrantReply, FloodlockFailure> then) {
        request.sentUnder(session);
        String name = request.name();
        List<Release> along = releases.along(session, name);
        Object[] arguments = new Object[6 + 2 * along.size()];
        arguments[0] = session.id();
        arguments[1] = Long.toString(request.grant());
        arguments[2] = name;
        arguments[3] = request.mode() == LockMode.EXCLUSIVE ? "x" : "s";
        arguments[4] = request.caller().toString();
        arguments[5] = request.waits() ? "1" : "0";
        ReleaseBatcher.put(along, arguments, 6);
        long sent = node.services().clock().nanoTime();
        long sentAt = System.nanoTime();
        calls.read(
                session,
                LockScripts.ACQUIRE,
                reply -> {
                    if (!request.waits()) {
                        busyNotices.learn(reply.busyNotice(name, sent));
                    }
                    return reply.grant(queued -> new RedisQueuePlace(name, session.id(), node.lease(), queued, sentAt));
                },
                (reply, failure) -> {
                    releases.sent(along, failure);
                    then.accept(reply, failure);
                },
                arguments);
    }
}
