package io.floodlock.examples.bench.weave;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.IllegalClassFormatException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Matches the forty rules against the methods of each class of a {@link Library}, repeatedly. Prints the microseconds
 * of CPU time per class in the first pass and in the fastest later pass, then the number of matched methods and the
 * number of classes. For Floodlock the whole transformer is measured, so matched methods are also woven.
 */
public final class RuleMatching {

    /** A resource next to this class; each rule is one line. */
    public static final String RULES = "forty.rules";

    private static final int PASSES = 5;

    private RuleMatching() {}

    /** One pass over all classes; returns the number of matched methods. */
    private interface Pass {
        int run() throws Exception;
    }

    public static void main(String[] args) throws Exception {
        Library library = Library.read();
        Map<String, byte[]> classes = library.classes();
        boolean ours = args[0].equals("floodlock");
        List<String> pointcuts = ours ? List.of() : pointcuts();
        double cold = 0;
        double warm = Double.MAX_VALUE;
        int hits = 0;
        for (int i = 0; i < PASSES; i++) {
            // AspectJ caches types, and a JVM that starts has an empty cache
            Pass pass = ours ? () -> transform(library) : matching(library, pointcuts);
            long begin = cpuNanos();
            hits = pass.run();
            double micros = (cpuNanos() - begin) / 1e3 / classes.size();
            cold = i == 0 ? micros : cold;
            warm = i == 0 ? warm : Math.min(warm, micros);
        }
        System.out.println("figures " + cold + " " + warm + " " + hits + " " + classes.size());
    }

    /** CPU time of this thread alone, which other processes on the machine do not lengthen. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Pass matching(Library library, List<String> pointcuts) {
        AspectjMatching matching = new AspectjMatching(library.loader(), pointcuts);
        return () -> matching.match(library.classes());
    }

    private static int transform(Library library) throws IllegalClassFormatException {
        ClassFileTransformer transformer = NoOpAgent.transformer();
        int before = NoOpAgent.runtime().checked();
        for (Map.Entry<String, byte[]> one : library.classes().entrySet()) {
            transformer.transform(library.loader(), one.getKey(), null, null, one.getValue());
        }
        return NoOpAgent.runtime().checked() - before;
    }

    /** The text between a rule's kind and its attributes. */
    private static List<String> pointcuts() throws IOException {
        try (InputStream file = RuleMatching.class.getResourceAsStream(RULES);
                BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.substring(line.indexOf(':') + 1, line.indexOf(" key="))
                            .trim())
                    .toList();
        }
    }
}
