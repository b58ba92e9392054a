package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Progress;
import io.floodlock.examples.shop.trial.Audit;
import io.floodlock.examples.shop.trial.Demand;
import io.floodlock.examples.shop.trial.Node;
import io.floodlock.examples.shop.trial.Plan;
import io.floodlock.examples.shop.trial.Trial;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * The shop while its JVMs and its Redis are killed and stopped, one fault after the other. The violations are those
 * that the shop's audit counts: units oversold or vanished, orders torn, acknowledged calls lost, payments
 * duplicated, branches in doubt, and rows in another tenant's schema, under another tenant's role or in another
 * region's database. Threads of one JVM overflow their stacks.
 */
final class ShopChaos implements Chaos {

    private static final int JVMS = 2;
    private static final int PRODUCTS = 20;

    /** The assumed rate of orders, at which the stock is scarce. */
    private static final int ORDERS_PER_SECOND = 100;

    private static final Duration LEASE = Duration.ofSeconds(3);

    /** Recovery may end in-doubt branches only after the timeout of their transaction, 30 s, and a sweep. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "shop";
    }

    @Override
    public Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception {
        boolean agent = variant == Variant.PROTECTED;
        Plan plan = new Plan(
                agent,
                JVMS,
                PRODUCTS,
                Plan.scarce(time.toSeconds() * ORDERS_PER_SECOND, PRODUCTS),
                LEASE.toSeconds() + "s",
                "always",
                true);
        Demand demand = new Demand(Long.MAX_VALUE);
        try (Trial trial = Trial.start(plan, demand)) {
            Faults faults = new Faults(trial, random, progress, System.nanoTime() + time.toNanos());
            faults.inject();
            demand.stop();
            trial.serve(rows -> {});
            Audit audit = trial.settle(agent ? PATIENCE : Duration.ZERO, rows -> {});
            return new Outcome(
                    faults.counts,
                    demand.calls(),
                    audit.violations() + demand.unsoundReports(),
                    audit + ", " + demand.unsoundReports() + " unsound reports");
        }
    }

    /** Injects a sequence of faults until the time is over; after that everything runs again. Not thread-safe. */
    private static final class Faults {

        private final Trial trial;
        private final Random random;
        private final Progress progress;
        private final long end;
        private final long begin = System.nanoTime();
        private final Map<String, Integer> counts = new TreeMap<>();

        Faults(Trial trial, Random random, Progress progress, long end) {
            this.trial = trial;
            this.random = random;
            this.progress = progress;
            this.end = end;
        }

        void inject() throws Exception {
            work(1_000);
            while (System.nanoTime() - end < 0) {
                Node node = trial.nodes().get(random.nextInt(JVMS));
                switch (random.nextInt(4)) {
                    case 0 -> kill(node);
                    case 1 -> stop(node);
                    case 2 -> killRedis();
                    default -> stopRedis();
                }
                work(500 + random.nextInt(1_500));
            }
        }

        private void kill(Node node) throws Exception {
            count("kill jvm");
            node.kill();
            work(random.nextInt(1_000));
            node.start();
        }

        private void stop(Node node) throws Exception {
            count("stop jvm");
            node.pause();
            // shorter or longer than the lease
            work(random.nextInt(2 * (int) LEASE.toMillis()));
            node.resume();
        }

        private void killRedis() throws Exception {
            count("kill redis");
            trial.redis().kill();
            work(random.nextInt(1_000));
            trial.redis().restart();
        }

        private void stopRedis() throws Exception {
            count("stop redis");
            trial.redis().pause();
            work(random.nextInt(2 * (int) LEASE.toMillis()));
            trial.redis().resume();
        }

        private void count(String kind) {
            counts.merge(kind, 1, Integer::sum);
        }

        /** Lets the shop work for this time. */
        private void work(long millis) throws Exception {
            long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
            while (System.nanoTime() - until < 0) {
                trial.tick(rows -> progress.at((System.nanoTime() - begin) / 1_000_000_000));
            }
        }
    }
}
