package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import java.time.Instant;
import java.util.Locale;

/**
 * Describes the holder of a lock, for messages. Equal by content. Thread-safe: cached texts may be made twice, which
 * is harmless.
 */
public final class HolderInfo {

    private final long count;
    private final LockMode mode;
    private final String who;
    private final long sinceMillis;
    private final String session;

    /** The text, cached: many waiters may get it. */
    private String text;

    /** The last refusal, cached: a repeated try mostly gets the same one. */
    private Refusal refusal;

    private record Refusal(LockRequest request, String site, String text) {}

    /**
     * @param count the number of holders; this is the first of them
     * @param who its thread and call
     * @param sinceMillis since when it holds the lock, in milliseconds since 1970
     * @param session its JVM: application, host, pid; empty if its session has ended
     */
    public HolderInfo(long count, LockMode mode, String who, long sinceMillis, String session) {
        this.count = count;
        this.mode = mode;
        this.who = who;
        this.sinceMillis = sinceMillis;
        this.session = session;
    }

    public long sinceMillis() {
        return sinceMillis;
    }

    /** The message for a refused try. */
    String refusal(LockRequest request, String site) {
        Refusal last = refusal;
        if (last == null || last.request != request || !last.site.equals(site)) {
            last = new Refusal(request, site, LockFailures.refused(request, site, "it is " + this));
            refusal = last;
        }
        return last.text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HolderInfo same
                && count == same.count
                && mode == same.mode
                && who.equals(same.who)
                && sinceMillis == same.sinceMillis
                && session.equals(same.session);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sinceMillis) + 31 * session.hashCode();
    }

    @Override
    public String toString() {
        String known = text;
        if (known == null) {
            known = "held " + mode.name().toLowerCase(Locale.ROOT) + " by "
                    + (session.isEmpty() ? "a JVM whose session has ended" : session) + ", " + who + ", since "
                    + Instant.ofEpochMilli(sinceMillis) + (count > 1 ? ", and by " + (count - 1) + " more" : "");
            text = known;
        }
        return known;
    }
}
