package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.store.GrantEvents;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.RemoteTry;
import io.floodlock.runtime.lock.store.Session;
import io.floodlock.runtime.redis.ChannelListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other JVMs' scripts tell this one: hints that save waiting, never more. */
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
                case 'w' -> wanted(text.split(" ", 7));
                case 'b' -> busy(text.split(" ", 5));
                case 'm' -> more(text.split(" ", 3));
                default -> {
                    // of a later version
                }
            }
        } catch (RuntimeException e) {
            log.warn("A push about locks could not be understood and was skipped: {}", e.toString());
        }
    }

    @Override
    public void subscribed() {
        // whatever was said meanwhile is lost
        events.recheckAll();
    }

    /** {@code g bucket session grant token ver contended phase name}. */
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

    /** {@code w bucket session grant asker asker's-grant name}; the asker is empty unless it wants an answer. */
    private void wanted(String[] fields) {
        long askersGrant = Long.parseLong(fields[5]);
        events.revocationRequested(
                bucket(fields[1]),
                fields[2],
                Long.parseLong(fields[3]),
                fields[6],
                fields[4].isEmpty() ? null : new RemoteTry(fields[4], askersGrant));
    }

    /** {@code b bucket session grant name}. */
    private void busy(String[] fields) {
        events.busy(fields[2], Long.parseLong(fields[3]), fields[4]);
    }

    /** {@code m bucket name}: a script that this JVM has run has left something to do. */
    private void more(String[] fields) {
        bucket(fields[1]).goOn(fields[2]);
    }

    private RedisBucket bucket(String number) {
        return layout.all().get(Integer.parseInt(number));
    }
}
