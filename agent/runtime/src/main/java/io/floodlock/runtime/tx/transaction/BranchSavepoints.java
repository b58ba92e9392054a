package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.sql.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;

/**
 * The savepoints of a branch. They belong to the physical connection, but an application means only its own handle's
 * work by them. So a rollback that would also undo later work of another handle is refused. A savepoint set by SQL text
 * has no object; from then on it stands for all savepoints of its handle. {@link BranchWork} calls it. Belongs to the
 * branch's thread.
 */
final class BranchSavepoints {

    private final List<Mark> live = new ArrayList<>(0);

    /** One savepoint; with the site of another handle if that handle has worked since. */
    private static final class Mark {

        private final Savepoint set;
        private final TrackedConnection owner;

        /** How much the transaction did last when it was set. */
        private final int last;

        private String workOfOther;

        Mark(Savepoint set, TrackedConnection owner, int last) {
            this.set = set;
            this.owner = owner;
            this.last = last;
        }

        /** Whether the server can't distinguish the two, as both have one name. */
        boolean isNamedAs(Savepoint other) {
            try {
                return set != null && set != other && set.getSavepointName().equals(other.getSavepointName());
            } catch (SQLException e) {
                // one of them has no name given by the application
                return false;
            }
        }
    }

    /** @param last how much the transaction does last, as {@code CommitWork} says */
    void set(TrackedConnection by, Savepoint savepoint, int last) {
        live.add(new Mark(savepoint, by, last));
    }

    /** How much the transaction did last when the savepoint was set; null for one that is not known. */
    Integer last(Savepoint savepoint) {
        int at = find(savepoint);
        return at < 0 ? null : live.get(at).last;
    }

    /** Whether the text rolls back to a savepoint that may have been set before so much was to be done last. */
    boolean drops(Sql sql, int last) {
        return sql.savepoints()
                && sql.verb().equals("ROLLBACK")
                && live.stream().anyMatch(mark -> mark.set == null && mark.last < last);
    }

    /** Called before a statement that is not a plain read. */
    void worked(TrackedConnection by) {
        for (Mark mark : live) {
            if (mark.owner != by && mark.workOfOther == null) {
                mark.workOfOther = by.site();
            }
        }
    }

    /**
     * Called before SQL text sets a savepoint or rolls back to one.
     *
     * @return the site whose work the text would undo, or null
     */
    String text(TrackedConnection by, Sql sql, int last) {
        if (!sql.savepoints() || sql.verb().equals("RELEASE")) {
            return null;
        }
        String undone = sql.verb().equals("SAVEPOINT") ? null : undoneByText(by);
        if (!sql.verb().equals("ROLLBACK")) {
            set(by, null, last);
        }
        return undone;
    }

    private String undoneByText(TrackedConnection by) {
        for (Mark mark : live) {
            if (mark.owner != by || mark.workOfOther != null) {
                return mark.owner == by ? mark.workOfOther : mark.owner.site();
            }
        }
        return null;
    }

    /**
     * The site whose work a rollback to the savepoint would undo, or that has set another one of that name since; or
     * null.
     */
    String undone(Savepoint savepoint) {
        int at = find(savepoint);
        if (at < 0) {
            return null;
        }
        Mark mark = live.get(at);
        for (Mark later : live.subList(at + 1, live.size())) {
            if (later.owner != mark.owner && later.isNamedAs(savepoint)) {
                return later.owner.site();
            }
        }
        return mark.workOfOther;
    }

    void rolledBackTo(Savepoint savepoint) {
        int at = find(savepoint);
        if (at >= 0) {
            live.subList(at + 1, live.size()).clear();
        }
    }

    void released(Savepoint savepoint) {
        int at = find(savepoint);
        if (at >= 0) {
            live.subList(at, live.size()).clear();
        }
    }

    private int find(Savepoint savepoint) {
        for (int i = live.size() - 1; i >= 0; i--) {
            if (live.get(i).set == savepoint) {
                return i;
            }
        }
        return -1;
    }
}
