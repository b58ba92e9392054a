package io.floodlock.examples.bench;

import io.floodlock.examples.bench.Report.Want;
import io.floodlock.examples.bench.weave.NoOpAgent;
import io.floodlock.examples.bench.weave.RuleMatching;
import io.floodlock.examples.bench.weave.WebApp;
import io.floodlock.testkit.ForkedJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * Measures the start of a web application with the agent, without rules and with forty, and the cost of matching the
 * rules.
 */
final class WeaveRules {

    private final BenchContext context;

    WeaveRules(BenchContext context) {
        this.context = context;
    }

    void run() throws Exception {
        Path rules = Files.createTempFile("floodlock-bench-", ".rules");
        try (InputStream text = RuleMatching.class.getResourceAsStream(RuleMatching.RULES)) {
            Files.copy(text, rules, StandardCopyOption.REPLACE_EXISTING);
            starts(rules);
            matching(rules);
        } finally {
            Files.delete(rules);
        }
    }

    private void starts(Path rules) throws Exception {
        Map<String, Series> series = context.rounds()
                .variant("web", () -> WeaveJvm.start(WebApp.class))
                .variant("web-floodlock", () -> WeaveJvm.start(WebApp.class, WeaveJvm.ours()))
                .variant(
                        "web-forty-rules",
                        () -> WeaveJvm.start(WebApp.class, WeaveJvm.ours(), "-Dfloodlock.rules=" + rules))
                .run();
        series.forEach((name, one) -> context.report().add(name, "ms", one));
        Series web = series.get("web");
        context.report().ratioGoal("web-start", series.get("web-floodlock"), "web", web, Want.atMost(1.10));
        context.report().ratioGoal("web-rules-start", series.get("web-forty-rules"), "web", web, Want.atMost(1.15));
    }

    private void matching(Path rules) throws IOException {
        Path agent = WeaveJvm.agentJar(NoOpAgent.class);
        Series[] ours = {new Series(), new Series()};
        Series[] theirs = {new Series(), new Series()};
        try {
            for (int round = 0; round < (context.quick() ? 1 : 3); round++) {
                double[] floodlock = measure("floodlock", "-javaagent:" + agent + "=" + rules);
                double[] aspectj = measure("aspectj");
                if (floodlock[2] != aspectj[2] || floodlock[2] == 0) {
                    throw new IllegalStateException("the forty rules match " + floodlock[2] + " methods in Floodlock, "
                            + aspectj[2] + " in AspectJ; the numbers must be equal and not 0");
                }
                for (int i = 0; i < 2; i++) {
                    ours[i].add(Sample.of(floodlock[i]));
                    theirs[i].add(Sample.of(aspectj[i]));
                }
            }
        } finally {
            Files.delete(agent);
        }
        String[] names = {"cold", "warm"};
        for (int i = 0; i < 2; i++) {
            String peer = "aspectj-" + names[i];
            context.report().add("forty-rules-" + names[i], "us/class", ours[i]);
            context.report().add(peer, "us/class", theirs[i]);
            context.report().ratioGoal("forty-rules-" + names[i], ours[i], peer, theirs[i], Want.atMost(0.1));
        }
    }

    private static double[] measure(String who, String... options) {
        return WeaveJvm.figures(
                ForkedJvm.main(RuleMatching.class.getName()).jvmArgs(options).args(who))[0];
    }
}
