package io.floodlock.runtime.queue.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LaneLayoutTest {

    @Test
    void aLayoutComesBackAsItWas() {
        for (String text : List.of("1:0", "16:0", "16:0,3,15", "4096:0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15")) {
            LaneLayout layout = LaneLayout.parse(text);

            assertEquals(text, layout.toString());
            List<Integer> lanes = new ArrayList<>();
            layout.streams().forEach(stream -> lanes.addAll(layout.lanesOf(stream)));
            assertEquals(layout.lanes(), lanes.stream().distinct().count(), "each lane is in one stream");
            assertEquals(layout.lanes(), lanes.size());
            layout.streams()
                    .forEach(stream ->
                            layout.lanesOf(stream).forEach(lane -> assertEquals(stream, layout.streamOf(lane))));
        }
    }

    @Test
    void whatIsNoLayoutIsRefused() {
        for (String text : List.of(
                "",
                "16",
                "16:",
                ":0",
                "0:0",
                "-1:0",
                "4097:0",
                "16:15,16",
                "16:-1",
                "16:0,0",
                "2:0,1,2",
                "x:0",
                "16:x")) {
            assertThrows(MalformedRecordException.class, () -> LaneLayout.parse(text), text);
        }
    }
}
