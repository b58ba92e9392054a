package io.floodlock.examples.seed;

import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The smallest example. In each of two JVMs ten threads make calls and ten run them, with one queue, one lock, and
 * one file that contains a number.
 */
final class Seed {

    private static final int JVMS = 2;
    private static final int THREADS = 10;
    private static final int WRITES = 1_000;
    private static Path file;

    private Seed() {}

    /**
     * Returns when Redis has accepted the call. Any of the JVMs runs it, and the lock excludes other runs at the same
     * time.
     */
    @Queued(queue = "writes", name = "add", workers = THREADS)
    @PessimisticLock(key = "number")
    static void add(int more) throws IOException {
        Files.writeString(file, Integer.toString(number() + more));
    }

    @SharedLock(key = "number")
    static int number() throws IOException {
        String text = Files.readString(file);
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    public static void main(String[] args) throws Exception {
        Floodlock.requireAgent();
        file = Path.of(args[0]);
        ExecutorService writers = Executors.newFixedThreadPool(THREADS);
        for (int i = 0; i < WRITES; i++) {
            writers.submit(() -> {
                add(1);
                return null;
            });
        }
        writers.shutdown();
        writers.awaitTermination(1, TimeUnit.MINUTES);
        while (number() < JVMS * WRITES) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        System.out.println(JVMS * WRITES + " written by " + JVMS * THREADS + " threads, " + number() + " in the file");
        System.exit(number() == JVMS * WRITES ? 0 : 1);
    }
}
