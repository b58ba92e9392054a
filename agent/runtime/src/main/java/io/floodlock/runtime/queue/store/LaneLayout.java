package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the lanes of a queue are spread over its streams. It is stored with the queue, as all JVMs must use the same.
 *
 * @param lanes number of lanes, 1 to {@value #MOST_LANES}
 * @param streams numbers of the streams. The number modulo {@value #MOST_STREAMS} is that of the slot, the rest is the
 *     generation: 0 when the queue is made, one more with each change of the layout
 */
public record LaneLayout(int lanes, List<Integer> streams) {

    public static final int MOST_LANES = 4_096;
    public static final int MOST_STREAMS = 16;

    /** @throws MalformedRecordException if the layout can't be one that an agent has stored */
    public LaneLayout {
        streams = List.copyOf(streams);
        boolean valid = lanes >= 1
                && lanes <= MOST_LANES
                && !streams.isEmpty()
                && streams.size() <= lanes
                && streams.stream().distinct().count() == streams.size()
                && streams.stream().allMatch(stream -> stream >= 0)
                && streams.stream().map(LaneLayout::generation).distinct().count() == 1;
        if (!valid) {
            throw new MalformedRecordException(lanes + " lanes in the streams " + streams + " are no layout");
        }
    }

    /**
     * The lane of a key: FNV-1a of its UTF-8 bytes, mixed, modulo the number of lanes. The format fixes it, as all
     * JVMs must agree.
     */
    public int laneOf(String key) {
        int hash = 0x811c9dc5;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        return Math.floorMod(hash, lanes);
    }

    /** The generation of a layout with that stream. */
    public static int generation(int stream) {
        return stream / MOST_STREAMS;
    }

    /** The number of the stream's slot. */
    public static int slot(int stream) {
        return stream % MOST_STREAMS;
    }

    public int generation() {
        return generation(streams.get(0));
    }

    /** The number of the stream that has this slot in the layout's generation, whether the layout uses it or not. */
    public int stream(int slot) {
        return generation() * MOST_STREAMS + slot;
    }

    /** The layout that follows this one, with other lanes. */
    public LaneLayout next(int newLanes, List<Integer> slots) {
        int first = (generation() + 1) * MOST_STREAMS;
        return new LaneLayout(
                newLanes,
                slots.stream().limit(newLanes).map(slot -> first + slot).toList());
    }

    /** The stream that holds the lane's calls. */
    public int streamOf(int lane) {
        return streams.get(lane % streams.size());
    }

    /** The lanes of a stream in ascending order; none if it is no stream of the queue. */
    public List<Integer> lanesOf(int stream) {
        return IntStream.range(0, lanes)
                .filter(lane -> streamOf(lane) == stream)
                .boxed()
                .toList();
    }

    /** The number of lanes, a colon, and the streams: {@code 16:0,3}. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder().append(lanes);
        String separator = ":";
        for (int stream : streams) {
            out.append(separator).append(stream);
            separator = ",";
        }
        return out.toString();
    }

    public static LaneLayout parse(String text) {
        int colon = text.indexOf(':');
        try {
            List<Integer> streams = new ArrayList<>();
            for (String stream : text.substring(colon + 1).split(",", MOST_STREAMS + 1)) {
                streams.add(Integer.parseInt(stream));
            }
            return new LaneLayout(Integer.parseInt(text.substring(0, colon)), streams);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' is no layout of lanes", e);
        }
    }
}
