package io.floodlock.examples.chaos;

import io.floodlock.examples.chaos.Chaos.Outcome;
import io.floodlock.examples.kit.Progress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Runs a system under faults with the agent, then without it as the control. The exit status is 0 if the run showed
 * no violation and the control showed some.
 */
@Command(
        name = "examples/run chaos",
        mixinStandardHelpOptions = true,
        description = "Kills and stops processes at random while the system works, then counts violations of its"
                + " invariants. The control is the same run without protection: it must show violations.")
final class ChaosMain implements Callable<Integer> {

    @Parameters(paramLabel = "NAME", description = "What to run: locks, queue, fence, shop or crowd.")
    private String name;

    @Option(
            names = "--seconds",
            defaultValue = "60",
            description = "For run and control together (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--seed", description = "Repeats the faults of another run; random by default.")
    private Long seed;

    @Option(
            names = "--jvms",
            defaultValue = "1000",
            description = "For crowd: how many JVMs wait for one key (default: ${DEFAULT-VALUE}).")
    private int jvms;

    public static void main(String[] args) {
        System.exit(new CommandLine(new ChaosMain()).execute(args));
    }

    @Override
    public Integer call() throws Exception {
        List<Chaos> all =
                List.of(new LocksChaos(), new QueueChaos(), new FenceChaos(), new ShopChaos(), new CrowdChaos(jvms));
        Chaos chaos = all.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault run '" + name + "'; there are "
                        + all.stream().map(Chaos::name).toList()));
        long used = seed != null ? seed : new Random().nextLong();
        System.out.println("seed " + used);
        Map<Variant, Outcome> outcomes = new EnumMap<>(Variant.class);
        for (Map.Entry<Variant, Double> share : chaos.shares().entrySet()) {
            outcomes.put(share.getKey(), run(chaos, share.getKey(), share.getValue(), used));
        }
        Outcome run = outcomes.get(Variant.PROTECTED);
        Outcome control = outcomes.get(Variant.CONTROL);
        System.out.printf(
                "chaos %s: faults %d operations %d violations %d; control: violations %d%n",
                chaos.name(),
                run.faults().values().stream().mapToInt(Integer::intValue).sum(),
                run.operations(),
                run.violations(),
                control.violations());
        return run.violations() == 0 && control.violations() > 0 ? 0 : 1;
    }

    private Outcome run(Chaos chaos, Variant variant, double share, long used) throws Exception {
        Duration time = Duration.ofMillis((long) (seconds * 1000 * share));
        Progress progress = new Progress(variant.label(), time.toSeconds());
        Outcome outcome = chaos.run(variant, time, new Random(used), progress);
        progress.end();
        System.out.printf(
                "%s: %d violations; %s; %s%n",
                variant.label(), outcome.violations(), outcome.faults(), outcome.details());
        return outcome;
    }
}
