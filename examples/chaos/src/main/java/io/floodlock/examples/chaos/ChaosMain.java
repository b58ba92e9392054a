package io.floodlock.examples.chaos;

import io.floodlock.examples.chaos.Chaos.Outcome;
import io.floodlock.examples.kit.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a system under faults with the agent, then without it as the control. */
@Command(
        name = "examples/run chaos",
        mixinStandardHelpOptions = true,
        description = "Kills and stops processes at random while the system works, then counts violations of its"
                + " invariants. The control is the same run without the agent: it must show some.")
final class ChaosMain implements Callable<Integer> {

    private static final List<Chaos> ALL = List.of(new ShopChaos());

    /** Shares of the time under faults; the rest is for starting servers and for settling. */
    private static final double RUN = 0.55;

    private static final double CONTROL = 0.15;

    @Parameters(paramLabel = "NAME", description = "What to run: shop.")
    private String name;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "For run and control together (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--seed", description = "Repeats the faults of another run; random by default.")
    private Long seed;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ChaosMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        Chaos chaos = ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no chaos '" + name + "'; there are "
                        + ALL.stream().map(Chaos::name).toList()));
        long used = seed != null ? seed : new Random().nextLong();
        System.out.println("seed " + used);
        Outcome run = run(chaos, true, RUN, used);
        Outcome control = run(chaos, false, CONTROL, used);
        System.out.printf(
                "chaos %s: faults %d operations %d violations %d; control: violations %d%n",
                chaos.name(),
                run.faults().values().stream().mapToInt(Integer::intValue).sum(),
                run.operations(),
                run.violations(),
                control.violations());
        return run.violations() == 0 && control.violations() > 0 ? 0 : 1;
    }

    private Outcome run(Chaos chaos, boolean agent, double share, long used) throws Exception {
        Duration time = Duration.ofMillis((long) (seconds * 1000 * share));
        String label = agent ? "run" : "control";
        Progress progress = new Progress(label, time.toSeconds());
        Outcome outcome = chaos.run(agent, time, new Random(used), progress);
        progress.end();
        System.out.printf("%s: %s; %s%n", label, outcome.faults(), outcome.details());
        return outcome;
    }
}
