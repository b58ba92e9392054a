package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.thread.SlotTable;

/**
 * The latest busy notices of holders in other JVMs, in a table of 64 slots. The table is small because each notice is
 * valid for a moment only. A key whose slot another key has taken is not found, and costs a script call only.
 * {@code GrantRequests} uses it. Thread-safe.
 */
final class BusyNotices {

    private final SlotTable<BusyNotice> latest = new SlotTable<>(64);

    /** The notice about a key that has not expired by this JVM's clock; null if there is none. */
    BusyNotice of(String name, long nowNanos) {
        BusyNotice notice = latest.at(name.hashCode());
        if (notice == null || !notice.name().equals(name)) {
            return null;
        }
        if (notice.over(nowNanos)) {
            forget(notice);
            return null;
        }
        return notice;
    }

    /** @param notice the notice; null is ignored */
    void learn(BusyNotice notice) {
        if (notice != null) {
            latest.put(notice.name().hashCode(), notice);
        }
    }

    void forget(BusyNotice notice) {
        latest.remove(notice.name().hashCode(), notice);
    }
}
