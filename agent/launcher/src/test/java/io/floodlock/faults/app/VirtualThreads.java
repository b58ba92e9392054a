package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import io.floodlock.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** Many virtual threads that wait for one key, under a recorder of pinned carriers. Compiled for a Java without them. */
public final class VirtualThreads {

    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicInteger TOGETHER = new AtomicInteger();
    private static int counter;

    private VirtualThreads() {}

    /** Lets so many count, of whom none may begin before all wait for their turn, and answers what came of it. */
    static String count(String threads) throws Exception {
        try (Recording recording = recording()) {
            for (Thread thread : startWaiting(Integer.parseInt(threads))) {
                thread.join();
            }
            Console.say("counted");
            List<String> pinned = pinnedBy(recording, "io.floodlock.");
            pinned.forEach(stack -> Console.say("pinned " + stack));
            return counter + " counted, " + TOGETHER + " together, " + pinned.size() + " pinned";
        }
    }

    /** Parks a virtual thread while a class initializer, a native frame, is on its stack. */
    static String pin() throws Exception {
        try (Recording recording = recording()) {
            start(Initialized::touch).join();
            return pinnedBy(recording, Initialized.class.getName()).size() + " pinned";
        }
    }

    @PessimisticLock(key = "counter", waitTime = "1m")
    static List<Thread> startWaiting(int threads) throws Exception {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(start(VirtualThreads::add));
        }
        Await.until(
                "all wait for their turn, or have ended",
                Duration.ofMinutes(1),
                () -> all.stream().allMatch(VirtualThreads::waitsOrHasEnded));
        return all;
    }

    private static boolean waitsOrHasEnded(Thread thread) {
        return switch (thread.getState()) {
            case WAITING, TIMED_WAITING, TERMINATED -> true;
            default -> false;
        };
    }

    @PessimisticLock(key = "counter", waitTime = "5m")
    private static void add() {
        if (INSIDE.incrementAndGet() > 1) {
            TOGETHER.incrementAndGet();
        }
        int read = counter;
        Thread.yield();
        counter = read + 1;
        INSIDE.decrementAndGet();
    }

    private static Thread start(Runnable task) throws ReflectiveOperationException {
        return (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
    }

    private static final class Initialized {
        static {
            LockSupport.parkNanos(1_000_000);
        }

        static void touch() {}
    }

    private static Recording recording() {
        Recording recording = new Recording();
        recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
        recording.start();
        return recording;
    }

    /** The stacks with a frame of such a class. */
    private static List<String> pinnedBy(Recording recording, String classPrefix) throws IOException {
        recording.stop();
        Path file = Files.createTempFile("pinned", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .map(VirtualThreads::stack)
                    .filter(stack -> stack.contains(" " + classPrefix))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    private static String stack(RecordedEvent event) {
        StringBuilder text = new StringBuilder();
        if (event.getStackTrace() != null) {
            for (RecordedFrame frame : event.getStackTrace().getFrames()) {
                text.append(' ')
                        .append(frame.getMethod().getType().getName())
                        .append('.')
                        .append(frame.getMethod().getName());
            }
        }
        return text.toString();
    }
}
