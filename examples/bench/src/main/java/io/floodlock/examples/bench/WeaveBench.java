package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.weave.CallCost;
import io.floodlock.examples.bench.weave.EmptyAgent;
import io.floodlock.examples.bench.weave.FirstWeave;
import io.floodlock.examples.bench.weave.Hello;
import io.floodlock.examples.bench.weave.NoOpAgent;
import io.floodlock.examples.kit.Agent;
import io.floodlock.testkit.ForkedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures the cost of the agent for a program: per call, at its start, per class that loads, per first woven class,
 * and on disk.
 */
final class WeaveBench implements Bench {

    @Override
    public String name() {
        return "weave";
    }

    @Override
    public Set<Server> servers(BenchContext context) {
        return Set.of(Server.REDIS);
    }

    @Override
    public boolean woven() {
        return false;
    }

    @Override
    public void run(BenchContext context) throws Exception {
        calls(context);
        hello(context);
        firstWeave(context);
        new WeaveRules(context).run();
        new WeaveAsync(context).run();
        size(context.report());
    }

    private static void calls(BenchContext context) throws IOException {
        List<String> names =
                List.of("direct-call", "woven-call", "direct-call-chain", "woven-call-chain", "woven-call-allocation");
        List<Series> series = names.stream().map(name -> new Series()).toList();
        Path agent = WeaveJvm.agentJar(NoOpAgent.class);
        try {
            for (double[] figures : WeaveJvm.figures(ForkedJvm.main(CallCost.class.getName())
                    .jvmArgs("-javaagent:" + agent)
                    .args(context.quick() ? "5" : "15"))) {
                for (int i = 0; i < figures.length; i++) {
                    series.get(i).add(Sample.of(figures[i]));
                }
            }
        } finally {
            Files.delete(agent);
        }
        Report report = context.report();
        for (int i = 0; i < names.size(); i++) {
            report.add(names.get(i), i == 4 ? "B/op" : "ns", series.get(i));
        }
        report.differenceGoal("woven-call-ns", series.get(1), names.get(0), series.get(0), Want.atMost(2));
        // the counter itself allocates a few bytes per round
        report.differenceGoal("woven-call-bytes", series.get(4).median(), "none", 0, Want.atMost(0.01));
    }

    private static void hello(BenchContext context) throws Exception {
        Path empty = WeaveJvm.agentJar(EmptyAgent.class);
        try {
            Map<String, Series> series = context.rounds()
                    .variant("hello", () -> WeaveJvm.start(Hello.class))
                    .variant("hello-empty-agent", () -> WeaveJvm.start(Hello.class, "-javaagent:" + empty))
                    .variant("hello-floodlock", () -> WeaveJvm.start(Hello.class, WeaveJvm.ours()))
                    .run();
            series.forEach((name, one) -> context.report().add(name, "ms", one));
            context.report()
                    .differenceGoal(
                            "hello-ms", series.get("hello-floodlock"), "hello", series.get("hello"), Want.atMost(150));
        } finally {
            Files.delete(empty);
        }
    }

    private static void firstWeave(BenchContext context) throws Exception {
        Series plain = new Series();
        Series woven = new Series();
        for (int round = 0; round < (context.quick() ? 3 : 7); round++) {
            plain.add(printed());
            woven.add(printed(WeaveJvm.ours()));
        }
        context.report().add("first-load", "ms", plain);
        context.report().add("first-weave", "ms", woven);
        context.report().differenceGoal("first-weave-ms", woven, "first-load", plain, Want.atMost(400));
    }

    private static void size(Report report) throws IOException {
        Series megabytes = new Series();
        megabytes.add(Sample.of(Files.size(Agent.jar()) / 1e6));
        report.add("shipped-jar", "MB", megabytes);
        report.differenceGoal("shipped-jar-mb", megabytes.median(), "none", 0, Want.atMost(20));
    }

    private static Sample printed(String... options) {
        double[][] figures =
                WeaveJvm.figures(ForkedJvm.main(FirstWeave.class.getName()).jvmArgs(options));
        return Sample.of(figures[0][0]);
    }
}
