package io.floodlock.runtime.lock;

import java.time.Instant;
import java.util.Locale;

/**
 * Who holds a lock, for people.
 *
 * @param count holders in all; this is the first of them
 * @param who thread and call
 * @param session the JVM: application, host, pid
 */
record Holder(long count, Mode mode, String who, long sinceMillis, String session) {

    @Override
    public String toString() {
        return "held " + mode.name().toLowerCase(Locale.ROOT) + " by " + session + ", " + who + ", since "
                + Instant.ofEpochMilli(sinceMillis) + (count > 1 ? ", and by " + (count - 1) + " more" : "");
    }
}
