package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.RemoteTry;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.redis.ChannelListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the pushes (pub/sub messages) that other JVMs' scripts send to this JVM, and passes them on to
 * {@code GrantEvents}. Pushes are hints that save waiting, never proofs: one may be lost, and nothing is wrong if it
 * is. {@code RedisLockStore} subscribes it. Thread-safe.
 */
public final class PushListener implements ChannelListener {

    private static final Logger log = LoggerFactory.getLogger(PushListener.class);

    private final BucketLayout layout;
    private final GrantEvents events;

    public PushListener(BucketLayout layout, GrantEvents events) {
        this.layout = layout;
        this.events = events;
    }

    @Override
    public void message(String text) {
        try {
            switch (text.isEmpty() ? ' ' : text.charAt(0)) {
                case 'g' -> granted(text.split(" ", 9));
                case 'w' -> revocationRequested(text.split(" ", 7));
                case 'b' -> busy(text.split(" ", 5));
                case 'm' -> more(text.split(" ", 3));
                default -> {
                    // a message of a later version: ignored
                }
            }
        } catch (RuntimeException e) {
            log.warn("A push message about locks could not be processed and was ignored: {}", e.toString());
        }
    }

    @Override
    public void subscribed() {
        // messages that were sent before the subscription are lost
        events.recheckAll();
    }

    /** A request of this JVM was granted: {@code g bucket session grant token ver contended phase name}. */
    private void granted(String[] fields) {
        RedisBucket bucket = bucket(fields[1]);
        Session session = bucket.session();
        if (session != null && session.id().equals(fields[2])) {
            session.acknowledge(Long.parseLong(fields[5]));
        }
        events.granted(
                bucket,
                fields[2],
                Long.parseLong(fields[3]),
                fields[8],
                new GrantReply.Granted(Long.parseLong(fields[4]), fields[7], fields[6].equals("1")));
    }

    /**
     * Another JVM requests a key that this one holds: {@code w bucket session grant asker asker's-grant name}. The
     * asker is empty unless it expects an answer.
     */
    private void revocationRequested(String[] fields) {
        long askersGrant = Long.parseLong(fields[5]);
        events.revocationRequested(
                bucket(fields[1]),
                fields[2],
                Long.parseLong(fields[3]),
                fields[6],
                fields[4].isEmpty() ? null : new RemoteTry(fields[4], askersGrant));
    }

    /** The holder uses the key that this JVM tries: {@code b bucket session grant name}. */
    private void busy(String[] fields) {
        events.busy(fields[2], Long.parseLong(fields[3]), fields[4]);
    }

    /** A script that this JVM has run stopped before it had done all steps: {@code m bucket name}. */
    private void more(String[] fields) {
        bucket(fields[1]).goOn(fields[2]);
    }

    private RedisBucket bucket(String number) {
        return layout.all().get(Integer.parseInt(number));
    }
}
