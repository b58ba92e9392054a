package io.floodlock.examples.chaos;

import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long scripts took, by the server's own log of commands, in phases of a run.
 *
 * <p>That is not only the script's doing: the system gives the processor to others, and who runs seldom finds its memory out of
 * the processor's caches. What all of that does to calls shows by a script whose work is always the same, the renewal: its calls
 * differ by that alone. It does more to the slowest calls than to most, so like is compared with like. Of each script in each
 * phase it is what 19 of 20 calls stay below, divided by how much longer than usual 19 of 20 renewals stayed below then; usual
 * is what half of them stay below in the quietest phase.
 */
final class ScriptTimes {

    private static final int MOST = 50_000;
    private static final double SHARE = 0.95;

    private final RedisServer redis;
    private final Map<String, String> names;
    private final String reference;
    private final List<Taken> all = new ArrayList<>();
    private long usual = Long.MAX_VALUE;

    /**
     * @param micros of 19 of 20 calls at most
     * @param pace what 19 of 20 of the reference took at most then, in us
     */
    private record Taken(String script, String phase, int calls, long micros, long pace) {}

    /**
     * A script's time in a phase.
     *
     * @param micros as it would be at the usual pace
     */
    record Length(long micros, String text) {

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * @param names by digest
     * @param reference the name of the script whose work is always the same
     */
    ScriptTimes(RedisServer redis, Map<String, String> names, String reference) {
        this.redis = redis;
        this.names = names;
        this.reference = reference;
        redis.cli("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        redis.cli("CONFIG", "SET", "slowlog-max-len", Integer.toString(MOST));
        first(redis.pid());
    }

    /** Lets the server run before all others, where the system permits it: whoever comes between stays for 4 ms. */
    private static void first(long pid) {
        try {
            new ProcessBuilder("renice", "-n", "-20", "-p", Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // not here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void begin() {
        redis.cli("SLOWLOG", "RESET");
        redis.cli("CONFIG", "SET", "slowlog-log-slower-than", "0");
    }

    void end(String phase) {
        redis.cli("CONFIG", "SET", "slowlog-log-slower-than", "-1");
        Map<String, List<Long>> times = new HashMap<>();
        String[] lines = redis.cli("SLOWLOG", "GET", Integer.toString(MOST)).split("\n");
        // an entry is: id, time, us, then the command
        for (int i = 1; i + 1 < lines.length; i++) {
            if (lines[i].equalsIgnoreCase("EVALSHA") && names.containsKey(lines[i + 1])) {
                times.computeIfAbsent(names.get(lines[i + 1]), name -> new ArrayList<>())
                        .add(Long.parseLong(lines[i - 1]));
            }
        }
        times.values().forEach(Collections::sort);
        List<Long> same = times.getOrDefault(reference, List.of());
        long pace = same.isEmpty() ? 0 : at(same, SHARE);
        if (!same.isEmpty()) {
            usual = Math.min(usual, Math.max(1, at(same, 0.5)));
        }
        times.forEach((name, micros) -> all.add(new Taken(name, phase, micros.size(), at(micros, SHARE), pace)));
    }

    private static long at(List<Long> sorted, double share) {
        return sorted.get((int) (share * (sorted.size() - 1)));
    }

    /** The longest first. */
    List<Length> longest() {
        return all.stream()
                .map(this::length)
                .sorted(Comparator.comparingLong(Length::micros).reversed())
                .toList();
    }

    private Length length(Taken taken) {
        double slower = Math.max(1, (double) taken.pace / usual);
        long micros = Math.round(taken.micros / slower);
        return new Length(
                micros,
                String.format(
                        Locale.ROOT,
                        "%s %d us (19 of 20 of %,d calls took %d us, and of renewals %d us, which take %d as a rule), %s",
                        taken.script,
                        micros,
                        taken.calls,
                        taken.micros,
                        taken.pace,
                        usual,
                        taken.phase));
    }
}
