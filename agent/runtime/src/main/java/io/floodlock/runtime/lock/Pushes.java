package io.floodlock.runtime.lock;

import io.floodlock.runtime.redis.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What other JVMs' scripts tell this one: hints that save waiting, never more. */
final class Pushes implements Subscription {

    private static final Logger log = LoggerFactory.getLogger(Pushes.class);

    private final Layout layout;
    private final Locks locks;

    Pushes(Layout layout, Locks locks) {
        this.layout = layout;
        this.locks = locks;
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
        locks.recheckAll();
    }

    /** {@code g bucket session grant token ver contended phase name}. */
    private void granted(String[] fields) {
        Bucket bucket = bucket(fields[1]);
        long grant = Long.parseLong(fields[3]);
        Session session = bucket.session();
        if (session != null && session.id.equals(fields[2])) {
            session.acknowledge(Long.parseLong(fields[5]));
        }
        LocalLock lock = locks.find(fields[8]);
        if (lock != null) {
            lock.asking().heardGranted(fields[2], grant, Long.parseLong(fields[4]), fields[7], fields[6].equals("1"));
        } else {
            bucket.releaseUnknown(fields[2], grant, fields[8]);
        }
    }

    /** {@code w bucket session grant asker asker's-grant name}; the asker is empty unless it wants an answer. */
    private void wanted(String[] fields) {
        long grant = Long.parseLong(fields[3]);
        LocalLock lock = locks.find(fields[6]);
        if (lock != null) {
            lock.asking().heardWanted(fields[2], grant, fields[4], Long.parseLong(fields[5]));
        } else {
            bucket(fields[1]).releaseEnded(fields[2], grant, fields[6]);
            bucket(fields[1]).releaseUnknown(fields[2], grant, fields[6]);
        }
    }

    /** {@code b bucket session grant name}. */
    private void busy(String[] fields) {
        LocalLock lock = locks.find(fields[4]);
        if (lock != null) {
            lock.asking().heardBusy(fields[2], Long.parseLong(fields[3]));
        }
    }

    /** {@code m bucket name}: a script that this JVM has run has left something to do. */
    private void more(String[] fields) {
        bucket(fields[1]).goOn(fields[2]);
    }

    private Bucket bucket(String number) {
        return layout.buckets().get(Integer.parseInt(number));
    }
}
