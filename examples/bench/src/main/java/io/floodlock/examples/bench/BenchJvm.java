package io.floodlock.examples.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.util.List;
import java.util.Map;

/**
 * Main class of the JVM of one bench. The JVM runs with the agent if the bench requires it, and its servers already
 * run.
 */
final class BenchJvm {

    private BenchJvm() {}

    public static void main(String[] args) throws Exception {
        Bench bench = Benches.named(args[0]);
        Report report = new Report(System.out);
        bench.run(new BenchContext(
                report, Boolean.parseBoolean(args[1]), args[3].isEmpty() ? List.of() : List.of(args[3].split(","))));
        new ObjectMapper()
                .writeValue(
                        new File(args[2]),
                        Map.of("bench", bench.name(), "cases", report.cases(), "goals", report.goals()));
        System.exit(report.failures() == 0 ? 0 : 1);
    }
}
