package io.floodlock.examples.chaos;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges queued calls: each acknowledged call must run, none may take effect twice, and the calls of one producer for
 * one key must run in their order, by the first effect of each. Used by one thread.
 */
final class CallLedger {

    private static final int EXAMPLES = 10;

    private final Connection ledger;
    private final Amnesia amnesia;

    /** The runs of one producer's calls for one key. */
    private final Map<Line, BitSet> ran = new HashMap<>();

    /** Acknowledged calls that have not run, with the time at which they began. */
    private final Map<Call, Long> awaited = new HashMap<>();

    /** When a first run of each key was last seen. */
    private final Map<String, Long> lastRun = new HashMap<>();

    private final Set<Call> overdue = new HashSet<>();
    private final List<String> examples = new ArrayList<>();
    private long acknowledged;
    private long firstRuns;
    private long repeated;
    private long disordered;
    private long excused;
    private long others;

    record Line(String key, String producer) {}

    record Call(Line line, int number) {}

    CallLedger(Connection ledger, Amnesia amnesia) {
        this.ledger = ledger;
        this.amnesia = amnesia;
    }

    static void create(Connection ledger) throws SQLException {
        try (Statement statement = ledger.createStatement()) {
            statement.execute("CREATE TABLE acknowledged (key text, producer text, number int, begun bigint)");
            statement.execute("CREATE TABLE ran (id bigserial, key text, producer text, number int)");
        }
    }

    /** Removes what was written since the last look, and judges it. */
    void look() {
        try (Statement statement = ledger.createStatement()) {
            try (ResultSet rows = statement.executeQuery("WITH gone AS (DELETE FROM ran RETURNING *)"
                    + " SELECT key, producer, number FROM gone ORDER BY id")) {
                while (rows.next()) {
                    ran(new Line(rows.getString(1), rows.getString(2)), rows.getInt(3));
                }
            }
            try (ResultSet rows = statement.executeQuery("DELETE FROM acknowledged RETURNING *")) {
                while (rows.next()) {
                    acknowledged++;
                    Call call = new Call(new Line(rows.getString(1), rows.getString(2)), rows.getInt(3));
                    if (!runs(call.line).get(call.number)) {
                        awaited.put(call, rows.getLong(4));
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the ledger can't be read", e);
        }
    }

    private BitSet runs(Line line) {
        return ran.computeIfAbsent(line, any -> new BitSet());
    }

    private void ran(Line line, int number) {
        BitSet runs = runs(line);
        if (runs.get(number)) {
            repeated++;
            example("call " + number + " of " + line + " took effect twice");
            return;
        }
        if (runs.length() > number) {
            disordered++;
            example("call " + number + " of " + line + " ran first after call " + (runs.length() - 1));
        }
        runs.set(number);
        firstRuns++;
        lastRun.put(line.key, System.nanoTime());
        Call call = new Call(line, number);
        awaited.remove(call);
    }

    /** Whether an acknowledged call that began before this time, and that Redis can't have forgotten, has not run. */
    boolean awaits(long before) {
        return awaited.values().stream().anyMatch(nanos -> nanos - before < 0 && !amnesia.mayForget(nanos));
    }

    /**
     * Gives up waiting for acknowledged calls that began before this time. They are violations, unless Redis may
     * have forgotten them.
     */
    void giveUp(long before) {
        for (Iterator<Map.Entry<Call, Long>> all = awaited.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Call, Long> each = all.next();
            if (each.getValue() - before >= 0) {
                continue;
            }
            all.remove();
            if (amnesia.mayForget(each.getValue())) {
                excused++;
            } else {
                overdue.add(each.getKey());
                example(each.getKey() + " was acknowledged and has not run");
            }
        }
    }

    /** Counts a violation that somebody else found. */
    void violation(String text) {
        others++;
        example(text);
    }

    /** Awaits none of the calls so far: their queue is gone. */
    void forget() {
        look();
        awaited.clear();
    }

    private void example(String text) {
        if (examples.size() < EXAMPLES) {
            examples.add(text);
        }
    }

    long acknowledged() {
        return acknowledged;
    }

    /** The calls that have run, each counted once. */
    long firstRuns() {
        return firstRuns;
    }

    /** The number of keys of which a call was seen to run since this time. */
    long keysSince(long nanos) {
        return lastRun.values().stream().filter(seen -> seen - nanos > 0).count();
    }

    long violations() {
        return overdue.size() + disordered + repeated + others;
    }

    List<String> examples() {
        return examples;
    }

    /** A summary, for people. */
    @Override
    public String toString() {
        long keys = overdue.stream().map(call -> call.line.key).distinct().count();
        return overdue.size() + " calls of " + keys + " keys lost or overdue (" + excused
                + " more while Redis had lost its state), " + disordered + " out of order, " + repeated + " twice";
    }
}
