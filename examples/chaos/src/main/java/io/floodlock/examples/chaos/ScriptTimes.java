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
 * Measures the duration of scripts in phases of a run, from the server's own log of commands.
 *
 * <p>These durations depend on more than the script: the system gives the processor to other processes, and a process
 * that runs rarely finds its memory evicted from the processor's caches. A script whose work is always the same, the
 * renewal, shows these effects: the times of its calls differ for these reasons only. The slowest calls are affected
 * more than most, so equal percentiles are compared. The figure of a script in a phase is the 95th percentile of its
 * calls, divided by the slowdown of renewals in that phase. The slowdown is the 95th percentile of the renewals,
 * divided by their usual time: their median in the quietest phase.
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
     * @param micros the 95th percentile of the calls, in us
     * @param pace the 95th percentile of the reference script in the same phase, in us; 0 if it did not run
     */
    private record Taken(String script, String phase, int calls, long micros, long pace) {}

    /**
     * The duration of a script in a phase.
     *
     * @param micros the duration in us, converted to the usual pace
     */
    record Length(long micros, String text) {

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * @param names the names of the scripts by digest
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

    /**
     * Gives the server the highest priority if the system permits it, because a process that preempts it runs for 4
     * ms.
     */
    private static void first(long pid) {
        try {
            new ProcessBuilder("renice", "-n", "-20", "-p", Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // this machine has no renice
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
        // an entry is: id, time, duration in us, then the command
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

    /** All durations, the longest first. */
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
                        "%s %d us (p95 of %,d calls was %d us, and of renewals %d us, whose usual time is %d us), %s",
                        taken.script,
                        micros,
                        taken.calls,
                        taken.micros,
                        taken.pace,
                        usual,
                        taken.phase));
    }
}
