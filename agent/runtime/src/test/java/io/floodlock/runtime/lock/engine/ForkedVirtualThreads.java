package io.floodlock.runtime.lock.engine;

import io.floodlock.runtime.lock.LockScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The main class of a forked JVM with virtual threads: many of them count under one lock, two keys deep. */
final class ForkedVirtualThreads {

    private ForkedVirtualThreads() {}

    public static void main(String[] args) throws Exception {
        AtomicInteger entered = new AtomicInteger();
        int[] counter = new int[1];
        try (TestJvm jvm = new TestJvm(args[0], "10s")) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                Runnable task = () -> {
                    LockScope outer = jvm.lock("k");
                    LockScope inner = jvm.lock("k", "l" + entered.incrementAndGet() % 3);
                    counter[0]++;
                    inner.close();
                    outer.close();
                };
                // compiled for a Java without them
                threads.add((Thread) Thread.class
                        .getMethod("startVirtualThread", Runnable.class)
                        .invoke(null, task));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        System.out.println("counted " + counter[0]);
    }
}
