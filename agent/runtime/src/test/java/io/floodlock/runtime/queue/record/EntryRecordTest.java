package io.floodlock.runtime.queue.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                        new CallRecord("place", "customer:42", true, new byte[] {1, 2, 3}),
                        new CallRecord("cancel", null, false, new byte[0])));
    }

    @Test
    void anEntryComesBackAsItWas() {
        EntryRecord entry = sample();

        EntryRecord back = EntryRecord.fromBytes(entry.toBytes());

        assertEquals(entry.session(), back.session());
        assertEquals(7, back.sequence());
        assertEquals("customer:42", back.calls().get(0).key());
        assertArrayEquals(new byte[] {1, 2, 3}, back.calls().get(0).payload());
        assertEquals(null, back.calls().get(1).key());
    }

    @Test
    void everyShortenedEntryIsRefused() {
        byte[] bytes = sample().toBytes();

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(MalformedRecordException.class, () -> EntryRecord.fromBytes(cut), "length " + length);
        }
    }

    @Test
    void bytesBehindAnEntryAreRefused() {
        byte[] bytes = sample().toBytes();

        assertThrows(
                MalformedRecordException.class, () -> EntryRecord.fromBytes(Arrays.copyOf(bytes, bytes.length + 1)));
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
                EntryRecord.fromBytes(bytes);
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
                .text("place")
                .octet(0)
                .number(CallRecord.LONGEST_PAYLOAD)
                .toBytes();

        assertThrows(MalformedRecordException.class, () -> EntryRecord.fromBytes(hostile));
    }

    @Test
    void moreCallsThanAllowedAreRefused() {
        byte[] hostile = new RecordWriter(64)
                .uuid(UUID.randomUUID())
                .number(1)
                .number(EntryRecord.MOST_CALLS + 1)
                .toBytes();

        assertThrows(MalformedRecordException.class, () -> EntryRecord.fromBytes(hostile));
    }
}
