package io.floodlock.examples.bench.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.examples.bench.locks.Task.Mode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskRunTest {

    private static final Task HOT = Task.of("hot", Mode.EXCLUSIVE, 8, 100);

    @TempDir
    private Path folder;

    private Ledger ledger;

    @BeforeEach
    void openLedger() {
        ledger = new Ledger(folder.resolve("ledger"));
    }

    @Test
    void theLedgerKeepsWhatALockProtects() throws Exception {
        Outcome outcome = new TaskRun(locks("ReentrantLock"), ledger, HOT).run();
        assertTrue(outcome.sections() > 0);
        assertEquals(outcome.sections(), ledger.sections());
        assertEquals(outcome.sections(), Arrays.stream(outcome.perThread()).sum());
        assertEquals(outcome.sections(), Arrays.stream(outcome.perSecond()).sum());
        assertEquals(outcome.sections(), Outcome.histogram(outcome.operations()).getTotalCount());
    }

    @Test
    void theLedgerLosesWhatNoLockProtects() throws Exception {
        Outcome outcome;
        do {
            ledger.clear();
            outcome = new TaskRun(locks("none"), ledger, HOT).run();
        } while (ledger.sections() == outcome.sections());
        assertNotEquals(outcome.sections(), ledger.sections());
    }

    @Test
    void readersSeeAWriterThatIsInside() throws Exception {
        assertEquals(0, violations(new ReadWriteLocks()));
        assertTrue(violations(locks("none")) > 0);
    }

    private long violations(LockKind kind) throws Exception {
        LockKind writersAndReaders = new LockKind() {
            @Override
            public Section exclusive(String name) {
                return kind.exclusive(name);
            }

            @Override
            public Section shared(String name) {
                return kind instanceof ReadWriteLocks ? kind.shared(name) : kind.exclusive(name);
            }
        };
        Thread writing = new Thread(() -> {
            try {
                new TaskRun(
                                writersAndReaders,
                                ledger,
                                Task.of("rw", Mode.EXCLUSIVE, 1, 400).sleeping(2_000))
                        .run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        writing.start();
        Outcome read = new TaskRun(
                        writersAndReaders,
                        ledger,
                        Task.of("rw", Mode.SHARED, 2, 300).sleeping(1_000))
                .run();
        writing.join();
        return read.violations();
    }

    @Test
    void whoDoesNotWaitIsRefusedWhileAnotherIsInside() throws Exception {
        ReadWriteLocks kind = new ReadWriteLocks();
        Outcome[] refused = new Outcome[1];
        kind.exclusive("busy").run(() -> {
            try {
                refused[0] = new TaskRun(
                                kind,
                                ledger,
                                Task.of("busy", Mode.AT_ONCE, 2, 60_000).times(5))
                        .run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertEquals(0, refused[0].sections());
        assertEquals(10, refused[0].refused());
    }

    private static LockKind locks(String flavor) {
        return new LocalLocks(new LockKind.Place(null, null, flavor));
    }

    /** One lock for all names. */
    private static final class ReadWriteLocks implements LockKind {

        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);

        @Override
        public Section exclusive(String name) {
            return body -> {
                lock.writeLock().lock();
                try {
                    body.run();
                } finally {
                    lock.writeLock().unlock();
                }
                return true;
            };
        }

        @Override
        public Section shared(String name) {
            return body -> {
                lock.readLock().lock();
                try {
                    body.run();
                } finally {
                    lock.readLock().unlock();
                }
                return true;
            };
        }

        @Override
        public Section atOnce(String name) {
            return body -> {
                if (!lock.writeLock().tryLock()) {
                    return false;
                }
                try {
                    body.run();
                } finally {
                    lock.writeLock().unlock();
                }
                return true;
            };
        }
    }
}
