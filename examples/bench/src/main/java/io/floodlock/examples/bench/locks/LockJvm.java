package io.floodlock.examples.bench.locks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that has one kind of lock and executes the commands on its standard input: {@code run NUMBER TASK}, any
 * number of times, also several at once. It answers each command with {@code done NUMBER OUTCOME} or
 * {@code failed NUMBER REASON}, and exits at the end of its input.
 *
 * <pre>LockJvm CLASS FLAVOR LEDGER [REDIS [JDBC]]</pre>
 */
public final class LockJvm {

    public static final String READY = "ready";
    public static final String DONE = "done ";
    public static final String FAILED = "failed ";

    private static final int HELD_AT_ONCE = 1_000;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final LockKind kind;
    private final Ledger ledger;

    private LockJvm(LockKind kind, Ledger ledger) {
        this.kind = kind;
        this.ledger = ledger;
    }

    public static void main(String[] args) throws Exception {
        LockKind.Place place =
                new LockKind.Place(args.length > 3 ? args[3] : null, args.length > 4 ? args[4] : null, args[1]);
        LockKind kind = (LockKind)
                Class.forName(args[0]).getConstructor(LockKind.Place.class).newInstance(place);
        LockJvm jvm = new LockJvm(kind, new Ledger(Path.of(args[2])));
        print(READY);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] fields = line.split(" ", 3);
            Task task = MAPPER.readValue(fields[2], Task.class);
            Thread thread = new Thread(() -> jvm.answer(fields[1], task), "bench-task-" + fields[1]);
            thread.setDaemon(true);
            thread.start();
        }
        System.exit(0);
    }

    private void answer(String number, Task task) {
        try {
            Outcome outcome = task.mode() == Task.Mode.HELD ? hold(task) : new TaskRun(kind, ledger, task).run();
            print(DONE + number + " " + MAPPER.writeValueAsString(outcome));
        } catch (Exception e) {
            e.printStackTrace();
            print(FAILED + number + " " + (e.getCause() == null ? e : e.getCause()));
        }
    }

    private Outcome hold(Task task) throws Exception {
        long begin = System.nanoTime();
        List<CompletableFuture<Void>> held = new ArrayList<>();
        for (int key = 0; key < task.keyCount(); key++) {
            held.add(kind.hold(task.name() + key).toCompletableFuture());
            if (held.size() == HELD_AT_ONCE || key == task.keyCount() - 1) {
                CompletableFuture.allOf(held.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
                held.clear();
            }
        }
        String none = Outcome.text(Outcome.histogram());
        return new Outcome(
                task.keyCount(), 0, 0, (System.nanoTime() - begin) / 1e9, new long[0], new long[0], none, none, 0);
    }

    /** Writes the line under a monitor, so that lines of several threads don't mix. */
    private static void print(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
