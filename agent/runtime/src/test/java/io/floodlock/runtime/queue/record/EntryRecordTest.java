package io.floodlock.runtime.queue.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.queue.record.EntryRecord.Section;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntryRecordTest {

    private static final long SEED = Long.getLong("floodlock.seed", System.nanoTime());

    private static EntryRecord sample() {
        return new EntryRecord(
                UUID.randomUUID(),
                7,
                List.of(
                        new Section(
                                3,
                                0,
                                List.of(
                                        new CallRecord("place", "customer:42", true, new byte[] {1, 2, 3}),
                                        new CallRecord("cancel", null, false, new byte[0]))),
                        new Section(7, 2, List.of(new CallRecord("place", "customer:1", false, new byte[] {4})))));
    }

    private static EntryRecord read(byte[] bytes) {
        return EntryRecord.fromBytes(bytes, lane -> true);
    }

    @Test
    void anEntryComesBackAsItWas() {
        EntryRecord entry = sample();

        EntryRecord back = read(entry.toBytes());

        assertEquals(entry.session(), back.session());
        assertEquals(7, back.sequence());
        Section section = back.section(3);
        assertEquals("customer:42", section.calls().get(0).key());
        assertArrayEquals(new byte[] {1, 2, 3}, section.calls().get(0).payload());
        assertEquals(null, section.calls().get(1).key());
        assertEquals(2, back.section(7).first());
        assertEquals(null, back.section(4));
    }

    @Test
    void aReplyAddressComesBack() {
        UUID waiting = UUID.randomUUID();
        UUID session = UUID.randomUUID();
        List<CallRecord> calls = List.of(
                new CallRecord("a", "key", true, new byte[] {1}).withReplyTo(waiting),
                new CallRecord("b", null, true, new byte[] {2}).withReplyTo(waiting),
                new CallRecord("c", null, true, new byte[] {3}));

        EntryRecord back = read(new EntryRecord(session, 7, List.of(new Section(0, 0, calls))).toBytes());

        List<CallRecord> found = back.section(0).calls();
        assertEquals(
                List.of("a", "b", "c"), found.stream().map(CallRecord::name).toList());
        assertEquals("key", found.get(0).key());
        assertArrayEquals(new byte[] {2}, found.get(1).payload());
        assertEquals(waiting, found.get(0).receiver(back.id(0)));
        assertEquals(waiting, found.get(1).replyTo());
        assertEquals(null, found.get(2).replyTo());
        assertEquals(session, found.get(2).receiver(back.id(2)));
        ParkedRecord parked = ParkedRecord.fromBytes(new ParkedRecord(back.id(1), calls.get(1)).toBytes());
        assertEquals(waiting, parked.content().replyTo());
        RecordWriter out = new RecordWriter(64);
        calls.get(0).write(out);
        assertTrue(out.size() <= calls.get(0).weight());
    }

    @Test
    void aNumberedCallHasTheSameIdInEveryEntry() {
        UUID source = UUID.nameUUIDFromBytes("orders".getBytes(StandardCharsets.UTF_8));
        CallRecord call = new CallRecord("place", null, false, new byte[0]);
        EntryRecord all = new EntryRecord(
                source, 5, List.of(new Section(3, 0, List.of(call, call)), new Section(7, 2, List.of(call))));
        EntryRecord some = new EntryRecord(source, 6, List.of(new Section(3, 0, List.of(call))));

        assertTrue(all.isNumbered());
        assertEquals(new CallId(source, 7, 0), all.id(2));
        assertEquals(all.id(1), some.id(0));
        assertEquals(6, all.reached(all.section(3)));
        assertEquals(7, all.reached(all.section(7)));
        ParkedRecord parked = ParkedRecord.fromBytes(new ParkedRecord(all.id(2), call).toBytes());
        assertEquals(all.id(2), parked.id());

        // the control: in the session of a JVM it depends on the entry
        EntryRecord other = new EntryRecord(UUID.randomUUID(), 5, all.sections());
        assertFalse(other.isNumbered());
        assertEquals(new CallId(other.session(), 5, 2), other.id(2));
        assertEquals(5, other.reached(other.section(7)));
    }

    @Test
    void numbersBeyondTheLargestAreRefused() {
        UUID source = UUID.nameUUIDFromBytes(new byte[0]);

        EntryRecord last = new EntryRecord(source, Long.MAX_VALUE - EntryRecord.MOST_CALLS, List.of());
        assertEquals(last, read(last.toBytes()));
        byte[] beyond = new EntryRecord(source, last.sequence() + 1, List.of()).toBytes();
        assertThrows(MalformedRecordException.class, () -> read(beyond));
        EntryRecord other = new EntryRecord(UUID.randomUUID(), Long.MAX_VALUE, List.of());
        assertEquals(other, read(other.toBytes()));
    }

    @Test
    void onlyTheWantedLanesAreRead() {
        EntryRecord back = EntryRecord.fromBytes(sample().toBytes(), lane -> lane == 7);

        assertEquals(null, back.section(3));
        assertEquals(2, back.section(7).first());
        assertEquals("customer:1", back.section(7).calls().get(0).key());
    }

    @Test
    void aSectionThatEndsElsewhereThanStatedIsRefused() {
        byte[] entry = new RecordWriter(64)
                .uuid(UUID.randomUUID())
                .number(1)
                .number(1)
                .number(3)
                .number(0)
                .raw(new byte[] {0, 0, 0, 1, 9})
                .toBytes();

        assertThrows(MalformedRecordException.class, () -> read(entry));
        assertEquals(null, EntryRecord.fromBytes(entry, lane -> false).section(3), "the control: it is skipped");
    }

    @Test
    void everyShortenedEntryIsRefused() {
        byte[] bytes = sample().toBytes();

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MalformedRecordException.class, () -> read(cut), "length " + length);
        }
    }

    /** The store appends their indexes. */
    @Test
    void callsThatWereLeftOutAreFoundInTheirSections() {
        byte[] bytes = sample().toBytes();
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 2);
        longer[bytes.length] = 1;
        longer[bytes.length + 1] = 2;

        EntryRecord read = read(longer);

        assertEquals("{1}", read.leftOut(read.sections().get(0)).toString());
        assertEquals("{0}", read.leftOut(read.sections().get(1)).toString());
    }

    @Test
    void optionsOfACallAreRead() {
        CallRecord call = new CallRecord("place", null, false, new byte[] {7})
                .withDue(5)
                .withDedup(new CallRecord.Dedup("request:1", 600_000))
                .withReplicas(2)
                .withContext(Map.of("mdc", Map.of("user", "ä", "empty", ""), "trace", Map.of("traceparent", "00-")));

        CallRecord found = CallRecord.fromBytes(call.toBytes());

        assertEquals(call.withContext(Map.of()).due(), found.due());
        assertEquals(call.dedup(), found.dedup());
        assertEquals(2, found.replicas());
        assertEquals(call.context(), found.context());
        assertArrayEquals(call.payload(), found.payload());
        assertTrue(call.toBytes().length <= call.weight(), "an upper bound");
    }

    @Test
    void bytesBehindAnEntryAreRefused() {
        byte[] bytes = sample().toBytes();

        for (byte[] behind : List.of(new byte[] {3}, new byte[] {1, 1}, new byte[] {2, 0}, new byte[] {-1})) {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + behind.length);
            System.arraycopy(behind, 0, longer, bytes.length, behind.length);
            assertThrows(MalformedRecordException.class, () -> read(longer));
        }
    }

    @Test
    void randomBytesAreReadOrRefusedButNeverAnythingElse() {
        System.out.println("-Dfloodlock.seed=" + SEED);
        Random random = new Random(SEED);
        byte[] good = sample().toBytes();
        List<Throwable> others = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = random.nextBoolean() ? new byte[random.nextInt(200)] : good.clone();
            if (bytes.length == good.length) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            } else {
                random.nextBytes(bytes);
            }
            try {
                read(bytes);
            } catch (MalformedRecordException e) {
                // refused
            } catch (Throwable e) {
                others.add(e);
            }
        }
        assertEquals(List.of(), others);
    }

    @Test
    void aLengthThatTheBytesDoNotHoldAllocatesNothing() {
        byte[] hostile = new RecordWriter(64)
                .uuid(UUID.randomUUID())
                .number(1)
                .number(1)
                .number(0)
                .number(1)
                .raw(new byte[] {0, 0, 0, 10})
                .text("place")
                .octet(0)
                .number(CallRecord.LONGEST_PAYLOAD)
                .toBytes();

        assertThrows(MalformedRecordException.class, () -> read(hostile));
    }

    @Test
    void moreCallsThanAllowedAreRefused() {
        byte[] hostile = new RecordWriter(64)
                .uuid(UUID.randomUUID())
                .number(1)
                .number(2)
                .number(0)
                .number(EntryRecord.MOST_CALLS)
                .raw(new byte[4])
                .number(1)
                .number(1)
                .raw(new byte[4])
                .toBytes();

        assertThrows(MalformedRecordException.class, () -> read(hostile));
    }
}
