package io.floodlock.examples.chaos.worker;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Scanner;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs one operation repeatedly on several threads until standard input ends. Prints
 *
 * <pre>
 * &#64;ready                          when the threads start
 * &#64;beat NANOS NAME=COUNT ...      ten times a second: begin of the last successful operation, counts of outcomes
 * &#64;hang WHAT                      a thread that hangs, once per step, then its stack
 * </pre>
 *
 * Times are those of the machine's monotonic clock, which all its JVMs share.
 */
final class Workload {

    private static final long BEAT_TICKS = 10;
    private static final long PAUSE_AFTER_FAILURE_MILLIS = 20;

    private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private final AtomicLong lastSuccess = new AtomicLong();
    private final Ticks ticks = new Ticks();
    private volatile boolean ending;

    /** One operation. Its exceptions are counted by class. */
    interface Operation {
        void run(Watch watch) throws Exception;
    }

    /** What a line of standard input asks for; its name is counted once it is done. */
    interface Command {
        void run(String argument);
    }

    private Workload() {}

    static void run(int threads, Operation operation) throws Exception {
        run(threads, operation, Map.of());
    }

    /** @param commands by name; a line has the name of one, a blank and its argument */
    static void run(int threads, Operation operation, Map<String, Command> commands) throws Exception {
        new Workload().serve(threads, operation, commands);
    }

    private void serve(int threads, Operation operation, Map<String, Command> commands) throws Exception {
        start("ticker", this::tick);
        System.out.println("@ready");
        List<Thread> working = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            working.add(start("worker-" + i, () -> work(operation)));
        }
        try (Scanner lines = new Scanner(System.in)) {
            while (lines.hasNextLine()) {
                String[] line = lines.nextLine().split(" ");
                start(line[0], () -> obey(line[0], commands.get(line[0]), line[1]));
            }
        }
        ending = true;
        for (Thread thread : working) {
            thread.join(10_000);
        }
        System.exit(0);
    }

    private static Thread start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void work(Operation operation) {
        Watch watch = new Watch(ticks);
        watches.add(watch);
        while (!ending) {
            long begin = System.nanoTime();
            try {
                operation.run(watch);
                lastSuccess.accumulateAndGet(begin, Math::max);
                count("ok");
            } catch (Exception e) {
                failed(e);
                pause();
            } catch (Error e) {
                System.out.println("@hang a worker thread ended with " + e);
                throw e;
            } finally {
                watch.rests();
            }
        }
    }

    private void obey(String name, Command command, String argument) {
        try {
            command.run(argument);
            count(name);
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void count(String outcome) {
        outcomes.computeIfAbsent(outcome, any -> new LongAdder()).increment();
    }

    /** Counts the failure, and prints the stack trace of the first one of each class. */
    private void failed(Exception failure) {
        String name = failure.getClass().getSimpleName();
        if (!outcomes.containsKey(name)) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text));
            System.out.println(text);
        }
        count(name);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        for (long i = 1; ; i++) {
            try {
                Thread.sleep(Ticks.MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            ticks.tick();
            if (i % BEAT_TICKS == 0) {
                beat();
            }
        }
    }

    private void beat() {
        StringBuilder line = new StringBuilder("@beat " + lastSuccess.get());
        new TreeMap<>(outcomes)
                .forEach((name, count) ->
                        line.append(' ').append(name).append('=').append(count));
        System.out.println(line);
        for (Watch watch : watches) {
            String hanging = watch.hangs();
            if (hanging != null) {
                System.out.println("@hang " + hanging);
            }
        }
    }
}
