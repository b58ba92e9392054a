package io.floodlock.runtime.lock.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Sections under one lock, by two threads of each JVM as long as the test wants, counted so that an overlap shows. */
final class Sections implements AutoCloseable {

    private final String name;
    private final List<Thread> threads = new ArrayList<>();
    private final List<AtomicInteger> done = new ArrayList<>();
    private final CompletableFuture<Void> broken = new CompletableFuture<>();
    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean ending;

    /** Not atomic: two at once lose a count. */
    private int count;

    Sections(String name, TestJvm... jvms) {
        this.name = name;
        for (TestJvm jvm : jvms) {
            begin(jvm);
            begin(jvm);
        }
    }

    private void begin(TestJvm jvm) {
        AtomicInteger mine = new AtomicInteger();
        done.add(mine);
        Thread thread = new Thread(
                () -> {
                    try {
                        while (!ending) {
                            LockScope scope = jvm.lock(name);
                            assertEquals(1, inside.incrementAndGet(), "threads inside");
                            count++;
                            inside.decrementAndGet();
                            scope.close();
                            mine.incrementAndGet();
                        }
                    } catch (Throwable e) {
                        broken.completeExceptionally(e);
                    }
                },
                "section-" + name);
        threads.add(thread);
        thread.start();
    }

    /** Waits until each thread has been inside some more times. */
    void awaitProgress() {
        int[] before = done.stream().mapToInt(AtomicInteger::get).toArray();
        Await.until("sections go on", TestJvm.LONG, () -> {
            broken.getNow(null);
            for (int i = 0; i < before.length; i++) {
                if (done.get(i).get() < before[i] + 20) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Lets all leave, and compares. */
    void end() {
        close();
        broken.getNow(null);
        assertEquals(done.stream().mapToInt(AtomicInteger::get).sum(), count, "sections, and what they have counted");
    }

    @Override
    public void close() {
        ending = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
