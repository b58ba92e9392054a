package io.floodlock.runtime.fence;

import io.floodlock.runtime.fence.ClaimState.Phase;
import io.floodlock.runtime.jdbc.FencePart;
import io.floodlock.runtime.lock.FenceClaim;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The claims of one transaction, ordered by the names of their rows. For each savepoint it records how many claims
 * survive a rollback to it. It belongs to one {@link FencedTransaction}, whose {@link ExclusiveClaims} and {@link
 * SharedClaims} use it too. One thread at a time.
 */
final class ClaimSet {

    private final FencedDatabase database;
    private final FencePart owner;
    private final List<ClaimState> parts = new ArrayList<>(2);
    private int claims;

    /** For each savepoint, the number of claims made before it was set; null before the first savepoint. */
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

    /** Adds a claim, unless the set has a claim of the same row. */
    void add(ClaimState added) {
        int place = 0;
        for (; place < parts.size() && parts.get(place).row.name().compareTo(added.row.name()) <= 0; place++) {
            if (parts.get(place).row.equals(added.row)) {
                return;
            }
        }
        parts.add(place, added);
    }

    /** A claim that is still to be made, or the first claim if there is none. */
    ClaimState firstAbsent() {
        for (ClaimState part : parts) {
            if (part.state == Phase.ABSENT) {
                return part;
            }
        }
        return parts.get(0);
    }

    /**
     * Whether the transaction is empty, so that it can be rolled back and begun again unnoticed.
     *
     * @param worked whether the application has run statements in it
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

    /** Whether another transaction of this JVM holds the row. */
    boolean heldBeside(ClaimState part) {
        return database.held(part.row, owner);
    }

    /** Makes BESIDE claims ABSENT again if the transaction that held their row has ended. */
    void leaveEndedBesides() {
        for (ClaimState part : parts) {
            if (part.state == Phase.BESIDE && !heldBeside(part)) {
                part.state = Phase.ABSENT;
            }
        }
    }

    /** Releases the rows that were to be claimed and were not. */
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

    /** The number of claims made before that savepoint was set; 0 for an unknown one. */
    int claimedAt(Savepoint savepoint) {
        return savepoints == null ? 0 : savepoints.getOrDefault(savepoint, 0);
    }

    /**
     * Makes ABSENT the claims made after the first {@code after} ones. Claims in BESIDE stay as they are.
     *
     * @return whether there was any such claim
     */
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
