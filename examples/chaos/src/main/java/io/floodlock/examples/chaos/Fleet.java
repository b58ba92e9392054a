package io.floodlock.examples.chaos;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.WireProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Some JVMs, the Redis that they share, and the faults in progress. The end of each fault (a stopped JVM continues, a
 * killed JVM starts again) is scheduled as a repair. {@link #calm()} waits for all repairs and then until every JVM
 * works again. Used by one thread; repairs run on other threads.
 */
final class Fleet implements AutoCloseable {

    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 50;

    private final RedisPair redis = new RedisPair();
    private final List<Member> members = new ArrayList<>();
    private final Duration lease;
    private final Amnesia amnesia;
    private final Runnable whileWaiting;
    private final ScheduledExecutorService repairing = new ScheduledThreadPoolExecutor(4);
    private final ConcurrentLinkedQueue<Future<?>> repairs = new ConcurrentLinkedQueue<>();
    private Runnable beforeCalm = () -> {};
    private Repair afterCalm = () -> {};
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Path logs = Path.of(System.getProperty("examples.logs", "target/logs"));

    /** @param whileWaiting is called repeatedly while this class waits */
    Fleet(Duration lease, Runnable whileWaiting) {
        this.lease = lease;
        this.whileWaiting = whileWaiting;
        this.amnesia = new Amnesia(lease.toNanos());
    }

    /** Starts this many JVMs and returns when all of them work. */
    void start(int size, String label, Function<Member, ForkedJvm.Builder> program) throws Exception {
        Files.createDirectories(logs);
        for (int i = 1; i <= size; i++) {
            Path log = logs.resolve(label + "-" + i + ".log");
            Files.deleteIfExists(log);
            Member member = new Member(i, WireProxy.redis(redis.master().port()), program, log);
            members.add(member);
            member.start();
        }
        calm();
        if (!complaints.isEmpty()) {
            throw new IllegalStateException("the JVMs did not start: " + complaints);
        }
    }

    RedisPair redis() {
        return redis;
    }

    List<Member> members() {
        return members;
    }

    Duration lease() {
        return lease;
    }

    Amnesia amnesia() {
        return amnesia;
    }

    /** A random JVM without a fault in progress; null if there is none. */
    Member anyUp(Random random) {
        List<Member> up = members.stream().filter(Member::isUp).toList();
        return up.isEmpty() ? null : up.get(random.nextInt(up.size()));
    }

    /** Directs all new connections to the present master and cuts the existing ones. */
    void followMaster() {
        members.forEach(member -> {
            member.link().retarget(redis.master().port());
            member.link().cut();
        });
    }

    /** Schedules a repair. */
    void later(Duration delay, Repair repair) {
        repairs.add(repairing.schedule(
                () -> {
                    repair.run();
                    return null;
                },
                delay.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    /** Sets an action that ends faults outside this fleet; it runs whenever the fleet calms. */
    void beforeCalm(Runnable ending) {
        beforeCalm = ending;
    }

    /** Sets a check that runs whenever all JVMs work again. */
    void afterCalm(Repair check) {
        afterCalm = check;
    }

    interface Repair {
        void run() throws Exception;
    }

    void work(Duration time) throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            whileWaiting.run();
            Thread.sleep(Math.min(POLL_MILLIS, Math.max(1, (until - System.nanoTime()) / 1_000_000)));
        }
    }

    /**
     * Waits until all faults have ended, and then until every JVM works; records a complaint for each JVM that does
     * not.
     */
    void calm() throws Exception {
        for (Future<?> repair = repairs.poll(); repair != null; repair = repairs.poll()) {
            while (!repair.isDone()) {
                work(Duration.ofMillis(POLL_MILLIS));
            }
            repair.get();
        }
        beforeCalm.run();
        members.forEach(member -> {
            member.link().forget();
            member.link().flow();
            member.link().accepting();
        });
        restartThoseThatEnded();
        long whole = System.nanoTime();
        while (!members.stream().allMatch(member -> member.worksSince(whole))
                && System.nanoTime() - whole < RECOVERY_LIMIT.toNanos()) {
            work(Duration.ofMillis(POLL_MILLIS));
        }
        for (Member member : members) {
            if (!member.worksSince(whole)) {
                complain("JVM " + member.number() + " does not work " + RECOVERY_LIMIT.toSeconds()
                        + " s after the last fault");
                member.note("not recovered");
                member.printThreads();
                work(Duration.ofSeconds(2));
                member.leave();
                member.kill();
                member.start();
            }
        }
        afterCalm.run();
    }

    /**
     * Restarts JVMs that have ended. Every fault that ends a JVM also starts it again, so these ended for another
     * reason.
     */
    private void restartThoseThatEnded() {
        for (Member member : members) {
            if (member.hasEnded()) {
                complain("JVM " + member.number() + " ended without a fault");
                member.start();
            }
        }
    }

    /** Terminates a member that has {@linkplain Member#leave left}. */
    void terminate(Member member) {
        if (!member.terminate()) {
            complain("JVM " + member.number() + " does not end after SIGTERM");
        }
    }

    /** Called by any thread. */
    private void complain(String what) {
        System.err.println("! " + what);
        complaints.add(what);
    }

    /** The number of complaints about JVMs, plus the number of hanging threads. */
    long violations() {
        return complaints.size() + hangs();
    }

    private long hangs() {
        return members.stream().mapToLong(Member::hangs).sum();
    }

    /** The outcomes of the operations of all JVMs, with their counts. */
    Map<String, Long> outcomes() {
        Map<String, Long> all = new TreeMap<>();
        members.forEach(member -> member.outcomes().forEach((name, count) -> all.merge(name, count, Long::sum)));
        return all;
    }

    /** A summary of the JVMs, for people. */
    String details() {
        return outcomes() + ", " + hangs() + " hanging threads, " + complaints.size() + " JVM failures";
    }

    /** Ends all JVMs: those with odd numbers by SIGTERM, the others by SIGKILL. */
    void end() {
        for (Member member : members) {
            member.leave();
            if (member.number() % 2 == 0) {
                member.kill();
            } else {
                terminate(member);
            }
        }
    }

    @Override
    public void close() throws IOException {
        repairing.shutdownNow();
        members.forEach(Member::close);
        redis.close();
    }
}
