package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.EntryRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Makes entries of calls, for tests of stores. */
final class Entries {

    private static final int LARGE = 200 * 1024;

    private Entries() {}

    /** An entry with one small call for each of the lanes. */
    static EntryRecord of(UUID session, long sequence, int... lanes) {
        List<EntryRecord.Section> sections = new ArrayList<>();
        for (int lane : lanes) {
            CallRecord call = new CallRecord("call", "key", true, new byte[] {(byte) lane});
            sections.add(new EntryRecord.Section(lane, sections.size(), List.of(call)));
        }
        return new EntryRecord(session, sequence, sections);
    }

    /** An entry for some of the lanes; most are small, few have 200 KB. */
    static EntryRecord random(Random random, UUID session, long sequence, int lanes) {
        List<EntryRecord.Section> sections = new ArrayList<>();
        int first = 0;
        int kind = random.nextInt(50);
        int most = kind == 0 ? LARGE : kind < 5 ? LARGE / 10 : 200;
        for (int lane = random.nextInt(lanes); lane < lanes; lane += 1 + random.nextInt(lanes)) {
            List<CallRecord> calls = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                byte[] payload = new byte[kind == 0 && sections.isEmpty() ? LARGE : random.nextInt(most)];
                random.nextBytes(payload);
                String key = random.nextBoolean() ? "key " + random.nextInt(10) : null;
                calls.add(new CallRecord("call", key, random.nextBoolean(), payload));
            }
            sections.add(new EntryRecord.Section(lane, first, calls));
            first += calls.size();
        }
        return new EntryRecord(session, sequence, sections);
    }

    static int calls(EntryRecord entry) {
        return entry.sections().stream()
                .mapToInt(section -> section.calls().size())
                .sum();
    }

    /** For comparisons: a text for each call. */
    static List<String> texts(EntryRecord.Section section) {
        return section.calls().stream()
                .map(call -> call.name() + " " + call.key() + " " + call.wantsResult() + " " + call.payload().length
                        + " " + Arrays.hashCode(call.payload()))
                .toList();
    }
}
