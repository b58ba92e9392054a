package io.floodlock.examples.chaos;

import io.floodlock.examples.kit.Progress;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Many JVMs that wait for one key on one Redis, and the cost of that. The violations are: Redis uses more than a
 * tenth of a core; the renewals of another JVM take 20 ms (p99) longer than requests to an idle Redis; a script takes
 * longer than 200 us; two JVMs hold the key at once; a JVM gets the key out of order or never; anything except the
 * layout and the token counter is left in Redis after all JVMs have ended. The JVMs are simulated: they share
 * connections and threads, but consist of the engine's own classes. The control is the same number of JVMs that
 * repeat their requests instead of waiting.
 */
final class CrowdChaos implements Chaos {

    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int[] STEPS = {50, 200, 350};
    private static final String KEY = "hot";
    private static final String BUCKET = "floodlock:{default/0}:locks";
    private static final List<String> LEFT = List.of("floodlock:default:layout", "floodlock:{default/0}:tokens");
    private static final double MOST_SHARE = 0.10;
    private static final double MOST_RENEWAL_MILLIS = 20;
    private static final double MOST_SCRIPT_MICROS = 200;

    private static final int PRINTED_SCRIPTS = 5;

    /** Renewals until the JVM has compiled the code that measures. */
    private static final int WARM = 300;

    private final int jvms;

    CrowdChaos(int jvms) {
        this.jvms = jvms;
    }

    @Override
    public String name() {
        return "crowd";
    }

    @Override
    public Outcome run(Variant variant, Duration time, Random random, Progress progress) throws Exception {
        Path file = Files.createTempFile("crowd", ".yaml");
        try (RedisServer redis = RedisServer.start("maxclients 4000");
                RedisServer idle = RedisServer.start();
                Crowd crowd = new Crowd(redisson(file, redis), LEASE);
                Renewals renewals = new Renewals(crowd, idle)) {
            Run run = new Run(redis, crowd, renewals, random, progress, time);
            return variant == Variant.PROTECTED ? run.wait(jvms) : run.control(jvms);
        } finally {
            Files.delete(file);
        }
    }

    /** A Redisson configuration without retries, as the engine's own one, and with room for one channel per JVM. */
    private static Path redisson(Path file, RedisServer redis) throws IOException {
        return Files.writeString(file, """
                singleServerConfig:
                  address: "%s"
                  connectionPoolSize: 1
                  connectionMinimumIdleSize: 1
                  subscriptionConnectionPoolSize: 4
                  subscriptionConnectionMinimumIdleSize: 1
                  subscriptionsPerConnection: 5000
                  retryAttempts: 0
                  timeout: 3000
                """.formatted(redis.url()));
    }

    private static final class Run {

        private final RedisServer redis;
        private final Crowd crowd;
        private final Renewals renewals;
        private final Random random;
        private final Progress progress;
        private final Duration time;
        private final long begin = System.nanoTime();
        private final Load load;
        private final ScriptTimes scripts;
        private final List<CrowdJvm> waiting = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private final Map<String, Integer> faults = new TreeMap<>();

        Run(RedisServer redis, Crowd crowd, Renewals renewals, Random random, Progress progress, Duration time) {
            this.redis = redis;
            this.crowd = crowd;
            this.renewals = renewals;
            this.random = random;
            this.progress = progress;
            this.time = time;
            this.load = new Load(redis);
            this.scripts = new ScriptTimes(redis, Crowd.scripts(), "renew.lua");
        }

        Outcome wait(int jvms) {
            Turns turns = new Turns(wrong);
            CrowdJvm holder = crowd.join();
            holder.enter(KEY, turns::first);
            Await.until("the first JVM holds the key", PATIENCE, turns::held);
            Await.until("renewals are warm", PATIENCE, () -> renewals.count() > WARM);
            int[] levels = IntStream.concat(IntStream.of(STEPS).filter(step -> step < jvms), IntStream.of(jvms))
                    .toArray();
            long each = time.toNanos() / 2 / levels.length;
            for (int level : levels) {
                List<CrowdJvm> joining = join(level - waiting.size());
                scripts.begin();
                joining.forEach(jvm -> jvm.enter(KEY, leave -> turns.next(jvm, leave)));
                waiting.addAll(joining);
                Await.until("all JVMs wait", PATIENCE, () -> sessions() == waiting.size() + 2);
                scripts.end("arrival of " + joining.size());
                measure(level, each);
            }
            handOver(turns);
            long operations = turns.count() + renewals.count();
            leave(holder);
            List<ScriptTimes.Length> lengths = scripts.longest();
            lengths.stream().limit(PRINTED_SCRIPTS).forEach(script -> System.out.println("crowd: script " + script));
            lengths.forEach(script -> refuse(script.micros() > MOST_SCRIPT_MICROS, script.toString()));
            return new Outcome(faults, operations, wrong.size(), String.join(", ", wrong));
        }

        /** Measures the cost of JVMs that repeat their requests. */
        Outcome control(int jvms) {
            crowd.join().requestRepeatedly(KEY);
            Await.until("the first JVM has a session", PATIENCE, () -> sessions() == 2);
            waiting.addAll(join(jvms));
            waiting.forEach(jvm -> jvm.requestRepeatedly(KEY));
            measure(jvms, time.toNanos() / 2);
            return new Outcome(faults, renewals.count(), wrong.size(), String.join(", ", wrong));
        }

        private List<CrowdJvm> join(int count) {
            return IntStream.range(0, count).mapToObj(i -> crowd.join()).toList();
        }

        private void measure(int level, long nanos) {
            renewals.begin();
            load.begin();
            long until = System.nanoTime() + nanos;
            Await.until("the time is over", Duration.ofMinutes(10), () -> {
                progress.at((System.nanoTime() - begin) / 1_000_000_000);
                return System.nanoTime() - until >= 0;
            });
            double share = load.share();
            Renewals.Figures figures = renewals.figures();
            System.out.printf(
                    Locale.ROOT,
                    "crowd: %,d wait: Redis %.1f %% of a core, others' renewals %s%n",
                    level,
                    share * 100,
                    figures);
            refuse(share > MOST_SHARE, "%,d waiting JVMs cost %.1f %% of a core".formatted(level, share * 100));
            refuse(
                    figures.p99() > MOST_RENEWAL_MILLIS + figures.idleP99(),
                    "with %,d JVMs waiting the renewals of another JVM take %s".formatted(level, figures));
        }

        /**
         * Lets all JVMs get the key one after the other. Some of them have died before, and one dies while it holds
         * the key.
         */
        private void handOver(Turns turns) {
            List<CrowdJvm> killed = new ArrayList<>();
            for (int i = 0; i < waiting.size() / 10; i++) {
                CrowdJvm one = waiting.get(random.nextInt(waiting.size()));
                if (one.alive()) {
                    one.die();
                    killed.add(one);
                }
            }
            faults.put("kill a waiting jvm", killed.size());
            List<CrowdJvm> living = waiting.stream().filter(CrowdJvm::alive).collect(Collectors.toList());
            Map<String, Long> places = new Places(redis, BUCKET).of(KEY);
            List<CrowdJvm> order = living.stream()
                    .sorted((a, b) -> Long.compare(places.get(a.session()), places.get(b.session())))
                    .toList();
            CrowdJvm mortal = order.get(order.size() / 2);
            turns.diesInside(mortal);
            faults.put("kill the holder", 1);
            scripts.begin();
            long from = System.nanoTime();
            turns.open();
            try {
                Await.until("all JVMs have held the key", PATIENCE, () -> {
                    progress.at((System.nanoTime() - begin) / 1_000_000_000);
                    return turns.count() == order.size();
                });
                System.out.printf(
                        Locale.ROOT,
                        "crowd: %,d had the key one after the other in %d ms, leases of killed JVMs included%n",
                        order.size(),
                        (System.nanoTime() - from) / 1_000_000);
            } catch (AssertionError e) {
                refuse(true, (order.size() - turns.count()) + " JVMs never got the key");
            }
            scripts.end("hand-over");
            refuse(!turns.inOrder(order), "the JVMs did not get the key in queue order");
        }

        private void leave(CrowdJvm holder) {
            scripts.begin();
            List<CrowdJvm> living =
                    new ArrayList<>(waiting.stream().filter(CrowdJvm::alive).toList());
            living.add(holder);
            int half = living.size() / 2;
            living.subList(0, half).forEach(CrowdJvm::end);
            living.subList(half, living.size()).forEach(CrowdJvm::die);
            faults.merge("kill an idle jvm", living.size() - half, Integer::sum);
            renewals.end();
            scripts.end("leaving");
            TreeSet<String> left = new TreeSet<>();
            try {
                Await.until("the keys of killed JVMs expire", LEASE.multipliedBy(2), () -> {
                    left.clear();
                    redis.cli("KEYS", "*").lines().forEach(left::add);
                    return LEFT.containsAll(left);
                });
            } catch (AssertionError e) {
                refuse(true, "left in Redis: " + left);
            }
            System.out.println("crowd: left in Redis when all have ended: " + left);
        }

        private int sessions() {
            return (int) redis.cli("HKEYS", BUCKET)
                    .lines()
                    .filter(field -> field.startsWith("s:"))
                    .count();
        }

        private void refuse(boolean bad, String what) {
            if (bad) {
                wrong.add(what);
            }
        }
    }
}
