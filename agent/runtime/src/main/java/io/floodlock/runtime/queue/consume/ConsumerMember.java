package io.floodlock.runtime.queue.consume;

import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One JVM's registration as a consumer of a queue.
 *
 * @param lanes that it owns
 * @param offered of these, the lanes that it hands over on request
 * @param needs for each of its lanes that has some, the fingerprints of the methods that the lane needs
 * @param methods fingerprints of the methods that it can run
 */
record ConsumerMember(
        Set<Integer> lanes, Set<Integer> offered, Map<Integer, Set<Integer>> needs, Set<Integer> methods) {

    static int fingerprint(String method) {
        return method.hashCode();
    }

    String toText() {
        return join(lanes, ",") + " " + join(offered, ",") + " " + join(needs) + " " + join(methods, ",");
    }

    private static String join(Collection<Integer> numbers, String separator) {
        return numbers.isEmpty()
                ? "-"
                : String.join(separator, numbers.stream().map(Object::toString).toList());
    }

    private static String join(Map<Integer, Set<Integer>> needs) {
        return needs.isEmpty()
                ? "-"
                : String.join(
                        ",",
                        needs.entrySet().stream()
                                .map(lane -> lane.getKey() + ":" + join(lane.getValue(), ":"))
                                .toList());
    }

    static ConsumerMember parse(String text) {
        String[] parts = text.split(" ");
        if (parts.length != 4) {
            throw new MalformedRecordException("not a member's registration");
        }
        try {
            return new ConsumerMember(numbers(parts[0]), numbers(parts[1]), needs(parts[2]), numbers(parts[3]));
        } catch (NumberFormatException e) {
            throw new MalformedRecordException("not a member's registration", e);
        }
    }

    private static Set<Integer> numbers(String text) {
        Set<Integer> out = new TreeSet<>();
        if (!text.equals("-")) {
            for (String number : text.split(",")) {
                out.add(Integer.parseInt(number));
            }
        }
        return out;
    }

    private static Map<Integer, Set<Integer>> needs(String text) {
        Map<Integer, Set<Integer>> out = new TreeMap<>();
        if (!text.equals("-")) {
            for (String lane : text.split(",")) {
                String[] parts = lane.split(":");
                Set<Integer> methods = new TreeSet<>();
                for (int i = 1; i < parts.length; i++) {
                    methods.add(Integer.parseInt(parts[i]));
                }
                out.put(Integer.parseInt(parts[0]), methods);
            }
        }
        return out;
    }
}
