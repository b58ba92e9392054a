package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.store.LockFailures;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.runtime.redis.command.Script;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.redisson.client.codec.StringCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts on one bucket, and detects by their replies that Redis has lost the bucket's session or some of its
 * writes; then it ends the session. All requests of this JVM about locks in the bucket pass through it. Thread-safe.
 */
final class BucketScripts {

    /*
     * Lost writes. A failover, or a restart from an old snapshot, may lose a hold while the session stays alive.
     * Renewal looks at no hold, so it would not notice that for hours. Therefore every change of a hold raises the
     * session's version in the same hash, and every reply contains two versions: the one that the script found and
     * the one that it left. Replies on several connections can overtake each other. So a reply is compared only with
     * the highest version that was acknowledged before its request was sent. If the script found a lower one, writes
     * are lost: the session ends here, with all its holds. This check may miss writes that were lost while several
     * requests were in flight; the comparison after a reconnection (HoldReconciliation) finds those.
     */

    private static final Logger log = LoggerFactory.getLogger(BucketScripts.class);

    /** Created in advance, for use when there is no memory left. */
    private static final FloodlockFailure UNEXPLAINED = LockFailures.noMemory();

    private final RedisNode node;
    private final List<String> keys;
    private final String number;
    private final BiConsumer<Session, String> lose;

    /** @param lose ends a session, for the given reason */
    BucketScripts(RedisNode node, int bucket, BiConsumer<Session, String> lose) {
        this.node = node;
        this.keys = List.of(node.bucketKey(bucket), node.boundKey(bucket), node.sessionsKey(bucket));
        this.number = Integer.toString(bucket);
        this.lose = lose;
    }

    /** Runs a script whose reply contains no version of this JVM's session. */
    CompletableFuture<List<Object>> run(Script script, Object... arguments) {
        return run(node.redis(), script, arguments);
    }

    /**
     * Runs a script for a session. {@code then} gets the reply or the failure, on another thread or before this
     * method returns.
     */
    void send(Session session, Script script, BiConsumer<LockReply, FloodlockFailure> then, Object... arguments) {
        send(node.redis(), session, script, reply -> reply, then, arguments);
    }

    /** As {@link #send}, but {@code then} gets the result of {@code reader} for the reply. */
    <R> void read(
            Session session,
            Script script,
            Function<LockReply, R> reader,
            BiConsumer<R, FloodlockFailure> then,
            Object... arguments) {
        send(node.redis(), session, script, reader, then, arguments);
    }

    /** As the first {@code send}, over the given client. */
    void send(
            RedisGateway client,
            Session session,
            Script script,
            BiConsumer<LockReply, FloodlockFailure> then,
            Object... arguments) {
        send(client, session, script, reply -> reply, then, arguments);
    }

    private <R> void send(
            RedisGateway client,
            Session session,
            Script script,
            Function<LockReply, R> reader,
            BiConsumer<R, FloodlockFailure> then,
            Object[] arguments) {
        long floor = session.acknowledged();
        run(client, script, arguments).whenComplete((fields, failure) -> {
            R read = null;
            FloodlockFailure problem = null;
            try {
                if (failure != null) {
                    problem = client.explain(failure);
                } else {
                    read = reader.apply(judge(session, floor, new LockReply(fields)));
                }
            } catch (Throwable e) {
                problem = explain(client, e);
            }
            try {
                then.accept(read, problem);
            } catch (RuntimeException | Error e) {
                unhandled(e);
            }
        });
    }

    /**
     * Never fails, even if there is no memory for an explanation: the sender must get a result, because no other code
     * would send the request again.
     */
    private static FloodlockFailure explain(RedisGateway client, Throwable failure) {
        try {
            return client.explain(failure);
        } catch (Throwable e) {
            return UNEXPLAINED;
        }
    }

    /** Reads fields of the bucket. {@code then} gets the result of {@code reader} for their values, or the failure. */
    <R> void fields(Function<List<Object>, R> reader, BiConsumer<R, FloodlockFailure> then, String... fields) {
        node.redis().fields(keys.get(0), fields).whenComplete((values, failure) -> {
            R read = null;
            FloodlockFailure problem = null;
            try {
                if (failure != null) {
                    problem = node.redis().explain(failure);
                } else {
                    read = reader.apply(values);
                }
            } catch (Throwable e) {
                problem = explain(node.redis(), e);
            }
            try {
                then.accept(read, problem);
            } catch (RuntimeException | Error e) {
                unhandled(e);
            }
        });
    }

    private static void unhandled(Throwable failure) {
        try {
            log.error("Processing a reply of Redis about locks failed with an unexpected error", failure);
        } catch (Throwable e) {
            // no memory for a log line
        }
    }

    private CompletableFuture<List<Object>> run(RedisGateway client, Script script, Object[] arguments) {
        Object[] all = new Object[2 + arguments.length];
        all[0] = node.channelPrefix();
        all[1] = number;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return client.run(StringCodec.INSTANCE, script, keys, all);
    }

    private LockReply judge(Session session, long floor, LockReply reply) {
        if (reply.is("lost")) {
            lose.accept(session, "Redis no longer knows the session: it expired there, or Redis has lost its data");
        } else if (reply.versionFound() < floor) {
            lose.accept(session, "Redis has lost writes");
            return new LockReply(List.of("lost"));
        } else {
            session.acknowledge(reply.versionLeft());
        }
        return reply;
    }
}
