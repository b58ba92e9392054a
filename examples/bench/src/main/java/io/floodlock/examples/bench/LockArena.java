package io.floodlock.examples.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.examples.bench.locks.Ledger;
import io.floodlock.examples.bench.locks.LockJvm;
import io.floodlock.examples.bench.locks.Outcome;
import io.floodlock.examples.bench.locks.Task;
import io.floodlock.testkit.ForkedJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The JVMs of the locks bench, each with one kind of lock, started on demand. Not thread-safe.
 *
 * <p>After each run the ledger must show as many exclusive sections as the JVMs reported, and no shared section may
 * have seen a writer. A lock that does not exclude fails its case, however fast it is.
 */
final class LockArena implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Time for all JVMs to read their task. */
    private static final long LEAD_MILLIS = 40;

    private static final long WARM_MILLIS = 1_000;

    private final BenchContext context;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Path file;
    private final Ledger ledger;
    private final Map<LockPeer, List<ForkedJvm>> jvms = new EnumMap<>(LockPeer.class);
    private int tasks;

    LockArena(BenchContext context) throws IOException {
        this.context = context;
        file = Files.createTempFile("floodlock-bench-ledger-", ".bin");
        ledger = new Ledger(file);
    }

    /** Runs a row if it is requested. A row that fails does not affect the other rows: they get new JVMs. */
    void row(String name, Row row) {
        if (!context.runs(name)) {
            return;
        }
        try {
            row.run();
        } catch (Exception | AssertionError e) {
            context.report().failed(name, e);
            List.copyOf(jvms.keySet()).forEach(this::end);
        }
    }

    /**
     * As {@link #row}, for a row that no goal of the design depends on: when quick, it runs only if it is requested
     * by name.
     */
    void further(String name, Row row) {
        if (!context.quick() || !context.only().isEmpty()) {
            row(name, row);
        }
    }

    /** Runs each of these tasks in a separate JVM, all at the same time. */
    LockRound run(LockPeer peer, Task... each) throws IOException {
        List<Started> started = new ArrayList<>();
        int port = freePort();
        jvm(peer, each.length - 1);
        ledger.clear();
        long at = System.currentTimeMillis() + LEAD_MILLIS;
        for (int jvm = 0; jvm < each.length; jvm++) {
            started.add(start(jvm(peer, jvm), each[jvm].at(at, jvm, port)));
        }
        return finished(peer, started);
    }

    /** Runs all these tasks in one JVM, all at the same time. */
    LockRound together(LockPeer peer, Task... all) throws IOException {
        List<Started> started = new ArrayList<>();
        ForkedJvm jvm = jvm(peer, 0);
        ledger.clear();
        long at = System.currentTimeMillis() + LEAD_MILLIS;
        for (int number = 0; number < all.length; number++) {
            started.add(start(jvm, all[number].at(at, number, 0)));
        }
        return finished(peer, started);
    }

    /** Runs a task without the check, because the caller verifies that the check would find a failure. */
    boolean losesCounts(LockPeer peer, Task task) throws IOException {
        ledger.clear();
        Outcome outcome = start(jvm(peer, 0), task.at(0, 0, 0)).outcome();
        return ledger.sections() != outcome.sections();
    }

    private LockRound finished(LockPeer peer, List<Started> started) {
        List<Outcome> outcomes = new ArrayList<>();
        long sections = 0;
        for (Started one : started) {
            Outcome outcome = one.outcome();
            outcomes.add(outcome);
            if (outcome.violations() > 0) {
                throw new IllegalStateException(
                        peer + " let readers see a writer, " + outcome.violations() + " times: " + one.task);
            }
            sections +=
                    one.task.mode() == Task.Mode.SHARED || one.task.mode() == Task.Mode.HELD ? 0 : outcome.sections();
        }
        if (ledger.sections() != sections) {
            throw new IllegalStateException(peer + " ran " + sections + " exclusive sections and the ledger shows "
                    + ledger.sections() + ": " + started.get(0).task);
        }
        return new LockRound(outcomes);
    }

    Started start(ForkedJvm jvm, Task task) {
        String number = Integer.toString(++tasks);
        try {
            jvm.send("run " + number + " " + mapper.writeValueAsString(task));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new Started(jvm, number, task);
    }

    /** The JVM with that number, from 0, that has these locks. */
    ForkedJvm jvm(LockPeer peer, int number) {
        List<ForkedJvm> started = jvms.computeIfAbsent(peer, any -> new ArrayList<>());
        while (started.size() <= number) {
            ForkedJvm jvm = peer.jvm(file, context).start();
            started.add(jvm);
            jvm.awaitLine(LockJvm.READY::equals);
            warm(jvm, peer);
        }
        return started.get(number);
    }

    /**
     * Warms up a new JVM. Each row has a warm-up round too, but a JVM that is started in one would be slow in all of
     * it. Tasks with new keys compile the path to Redis: some locks do not use Redis for a key that they hold, and
     * the path is compiled only after thousands of calls.
     */
    private void warm(ForkedJvm jvm, LockPeer peer) {
        Task.Mode mode = peer == LockPeer.SHEDLOCK ? Task.Mode.AT_ONCE : Task.Mode.EXCLUSIVE;
        start(jvm, Task.of("warm" + tasks, mode, 8, WARM_MILLIS)).outcome();
        start(jvm, Task.of("warm" + tasks, mode, 4, 2 * WARM_MILLIS).newKeys()).outcome();
    }

    /** Ends these JVMs. The next request for one starts a new JVM. */
    void end(LockPeer peer) {
        jvms.getOrDefault(peer, List.of()).forEach(ForkedJvm::close);
        jvms.remove(peer);
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        List.copyOf(jvms.keySet()).forEach(this::end);
        Files.deleteIfExists(file);
    }

    /** Measures and reports the result. */
    interface Row {
        void run() throws Exception;
    }

    /** A task that was started. */
    final class Started {

        private final ForkedJvm jvm;
        private final String number;
        private final Task task;

        private Started(ForkedJvm jvm, String number, Task task) {
            this.jvm = jvm;
            this.number = number;
            this.task = task;
        }

        Outcome outcome() {
            String done = LockJvm.DONE + number + " ";
            String failed = LockJvm.FAILED + number + " ";
            String line = jvm.awaitLine(one -> one.startsWith(done) || one.startsWith(failed), LIMIT);
            if (line.startsWith(failed)) {
                throw new IllegalStateException(task + " failed:\n" + jvm.output());
            }
            try {
                return mapper.readValue(line.substring(done.length()), Outcome.class);
            } catch (IOException e) {
                throw new IllegalStateException(line, e);
            }
        }
    }
}
