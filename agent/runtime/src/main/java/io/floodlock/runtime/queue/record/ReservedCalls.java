package io.floodlock.runtime.queue.record;

import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The calls that a lane's owner may be running, as stored before it runs them.
 *
 * @param ordinals of calls in the stream
 * @param parked numbers of parked calls
 */
public record ReservedCalls(SortedSet<Long> ordinals, SortedSet<Long> parked) {

    /** More calls than any owner reserves; a record beyond it is damaged. */
    private static final int MOST = 1 << 20;

    public static final ReservedCalls NONE = new ReservedCalls(new TreeSet<>(), new TreeSet<>());

    public int count() {
        return ordinals.size() + parked.size();
    }

    /** Ranges with both ends included: {@code 3-9,12;0-1}, the stream's calls before the semicolon. */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        append(ordinals, out);
        out.append(';');
        append(parked, out);
        return out.toString();
    }

    private static void append(SortedSet<Long> numbers, StringBuilder out) {
        long first = -1;
        long last = -2;
        String comma = "";
        for (long number : numbers) {
            if (number == last + 1) {
                last = number;
                continue;
            }
            if (first >= 0) {
                range(first, last, out.append(comma));
                comma = ",";
            }
            first = number;
            last = number;
        }
        if (first >= 0) {
            range(first, last, out.append(comma));
        }
    }

    private static void range(long first, long last, StringBuilder out) {
        out.append(first);
        if (last > first) {
            out.append('-').append(last);
        }
    }

    public static ReservedCalls parse(String text) {
        int semicolon = text.indexOf(';');
        if (semicolon < 0) {
            throw new MalformedRecordException("'" + text + "' is not a set of reserved calls");
        }
        return new ReservedCalls(numbers(text.substring(0, semicolon)), numbers(text.substring(semicolon + 1)));
    }

    private static SortedSet<Long> numbers(String ranges) {
        TreeSet<Long> out = new TreeSet<>();
        if (ranges.isEmpty()) {
            return out;
        }
        for (String range : ranges.split(",")) {
            try {
                int dash = range.indexOf('-');
                long first = Long.parseLong(dash < 0 ? range : range.substring(0, dash));
                long last = dash < 0 ? first : Long.parseLong(range.substring(dash + 1));
                if (first < 0 || last < first || last - first >= MOST - out.size()) {
                    throw new MalformedRecordException("'" + range + "' is not a range of reserved calls");
                }
                for (long number = first; number <= last; number++) {
                    out.add(number);
                }
            } catch (NumberFormatException e) {
                throw new MalformedRecordException("'" + range + "' is not a range of reserved calls", e);
            }
        }
        return out;
    }
}
