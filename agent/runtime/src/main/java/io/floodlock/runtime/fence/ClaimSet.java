package io.floodlock.runtime.fence;

import io.floodlock.runtime.fence.ClaimState.Phase;
import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.lock.FenceClaim;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The claims of one transaction, in the order of their rows' names, and which of them each savepoint keeps. */
final class ClaimSet {

    private final FencedDatabase database;
    private final FencePart owner;
    private final List<ClaimState> parts = new ArrayList<>(2);
    private int claims;

    /** How many claims had been made when they were set; null before the first. */
    private Map<Savepoint, Integer> savepoints;

    ClaimSet(FencedDatabase database, FencePart owner) {
        this.database = database;
        this.owner = owner;
    }

    int size() {
        return parts.size();
    }

    ClaimState get(int i) {
        return parts.get(i);
    }

    boolean any(Phase state) {
        for (ClaimState part : parts) {
            if (part.state == state) {
                return true;
            }
        }
        return false;
    }

    boolean has(FenceClaim claim) {
        for (ClaimState part : parts) {
            if (part.claim == claim) {
                return true;
            }
        }
        return false;
    }

    /** Unless another claim wants the same row. */
    void add(ClaimState added) {
        int place = 0;
        for (; place < parts.size() && parts.get(place).row.name().compareTo(added.row.name()) <= 0; place++) {
            if (parts.get(place).row.equals(added.row)) {
                return;
            }
        }
        parts.add(place, added);
    }

    /** One of those that are to be claimed. */
    ClaimState wanted() {
        for (ClaimState part : parts) {
            if (part.state == Phase.ABSENT) {
                return part;
            }
        }
        return parts.get(0);
    }

    /**
     * Whether the transaction can be begun anew without anybody's noticing.
     *
     * @param worked the application has, in it
     */
    boolean empty(boolean worked) {
        if (worked) {
            return false;
        }
        for (ClaimState part : parts) {
            if (part.state != Phase.ABSENT) {
                return false;
            }
        }
        return true;
    }

    void become(ClaimState part, Phase state) {
        part.state = state;
        part.claimed = ++claims;
    }

    /** The transaction has written the row. */
    void hold(ClaimState part) {
        become(part, Phase.HELD);
        database.granted(part.row, owner);
    }

    /** Whether another transaction of this JVM has the row. */
    boolean heldBeside(ClaimState part) {
        return database.held(part.row, owner);
    }

    /** What was beside another transaction that has ended is to be claimed. */
    void leaveEndedBesides() {
        for (ClaimState part : parts) {
            if (part.state == Phase.BESIDE && !heldBeside(part)) {
                part.state = Phase.ABSENT;
            }
        }
    }

    /** What was to be claimed and was not. */
    void releaseAbsent() {
        for (ClaimState part : parts) {
            if (part.state == Phase.ABSENT) {
                database.release(part.row, owner);
            }
        }
    }

    void savepoint(Savepoint set) {
        if (savepoints == null) {
            savepoints = new IdentityHashMap<>();
        }
        savepoints.put(set, claims);
    }

    /** How many claims had been made when it was set. */
    int claimedAt(Savepoint savepoint) {
        return savepoints == null ? 0 : savepoints.getOrDefault(savepoint, 0);
    }

    /** What was claimed after the first so many. @return whether there was any */
    boolean undone(int after) {
        boolean any = false;
        for (ClaimState part : parts) {
            if (part.claimed > after && part.state != Phase.BESIDE) {
                if (part.state == Phase.HELD) {
                    database.release(part.row, owner);
                }
                part.state = Phase.ABSENT;
                any = true;
            }
        }
        return any;
    }

    void ended(boolean committed) {
        for (ClaimState part : parts) {
            if (committed && part.state != Phase.ABSENT && part.state != Phase.BESIDE) {
                database.committed(part.row);
            }
            if (part.commitsBeside) {
                database.committedBeside(part.row);
            }
            if (part.state == Phase.HELD) {
                database.release(part.row, owner);
            }
        }
        parts.clear();
        savepoints = null;
    }
}
