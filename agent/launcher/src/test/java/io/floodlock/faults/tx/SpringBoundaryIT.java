package io.floodlock.faults.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.LockLostException;
import io.floodlock.LockTimeoutException;
import io.floodlock.LockUpgradeException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.SpringTransactional;
import io.floodlock.faults.undo.UndoAgent;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Locks and Spring's transactions, of its version 6 and 7: taken before the transaction begins where the method's own
 * {@code @Transactional} begins it, however that is declared, and free only after the commit, whoever commits.
 */
@OnEachJdk
class SpringBoundaryIT extends SharedRedis {

    private static final String[] FORMS = {
        "method", "class", "interface", "composed", "generic", "inherited", "instance"
    };
    private static final String[] KINDS = {
        "outer", "joining", "nested", "template", "twice", "newInside", "otherInside", "newInsideOther", "jdbc"
    };
    /** The last has no hook that a control could undo. */
    private static final String[] ALL_KINDS =
            Stream.concat(Stream.of(KINDS), Stream.of("distributed")).toArray(String[]::new);

    /** In these the lock's work can't go to the transaction that is still open. */
    private static final String[] NOTHING_KEPT = {"innerNew", "innerNone", "otherEnded"};

    private final Ledger ledger = Servers.ledger();

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void locksAreHeldAroundEveryKindOfTransaction(int version) {
        try (Program app = app(version).start()) {
            for (String form : FORMS) {
                assertEquals(
                        "failed 0 counted 60", app.call("count", form, "60").value(), form);
            }
            assertEquals("asked 1", app.call("askedOnce", "fickle").value());
            for (String kind : ALL_KINDS) {
                Program.Call writing = begin(app, kind);
                app.call("lockAtOnce", kind).threw(LockTimeoutException.class, "item:" + kind);
                commit(app, kind, writing);
            }
            for (String kind : NOTHING_KEPT) {
                Program.Call writing = begin(app, kind);
                assertEquals("locked", app.call("lockAtOnce", kind).value(), kind);
                commit(app, kind, writing);
            }
            anUpgradeFails(app);
            whatIsLostBeforeTheCommitIsNotCommitted(app);
            locksThatComeLateAreWarnedOf(app);
            whatIsSkippedBeginsNoTransaction(app);
        }
    }

    private static void anUpgradeFails(Program app) {
        app.call("write", "upgrade", "upgrade", "upgraded").threw(LockUpgradeException.class, "item:upgrade");
        assertEquals("locked", app.call("lockAtOnce", "upgrade").value());
    }

    private void whatIsLostBeforeTheCommitIsNotCommitted(Program app) {
        Program.Call writing = begin(app, "atMost");
        app.awaitLog("maxHold", "item:atMost");
        app.go("line atMost");
        writing.reply().threw(LockLostException.class, "item:atMost", "maxHold");
        assertEquals(0, ledger.count("line atMost"));
    }

    private void locksThatComeLateAreWarnedOf(Program app) {
        Program.Call inTheWay = app.begin("hold", "late", "hold late");
        app.awaitSaid("holding late");
        Program.Call writing = app.begin("write", "late", "late", "line late");
        app.awaitLog("waits for the lock 'item:late'", "Locking.writeLate", "pool");
        app.go("hold late");
        assertEquals("held", inTheWay.reply().value());
        app.awaitLog("item:late", "Locking.writeLate", "has already read data", "READ COMMITTED");
        app.awaitSaid("committing line late true");
        commit(app, "late", writing);
    }

    private void whatIsSkippedBeginsNoTransaction(Program app) {
        Program.Call inTheWay = app.begin("hold", "skip", "hold skip");
        app.awaitSaid("holding skip");
        assertEquals("skipped", app.call("writeOrSkip", "skip", "line skip").value());
        assertFalse(app.said("committing line skip true"));
        app.go("hold skip");
        assertEquals("held", inTheWay.reply().value());
        Program.Call writing = app.begin("writeOrSkip", "skip", "line skip");
        app.awaitSaid("committing line skip true");
        app.call("lockAtOnce", "skip").threw(LockTimeoutException.class, "item:skip");
        commit(app, "skip", writing);
    }

    /** The control: woven as ever, but for the classes that tell of transactions. */
    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void withoutTheBoundaryTheyAreFreeTooEarly(int version) {
        try (Program app = app(version)
                .and(UndoAgent.option(
                        "org/springframework/transaction/interceptor/TransactionInterceptor",
                        "org/springframework/transaction/support/TransactionSynchronizationManager",
                        "org/springframework/transaction/support/AbstractPlatformTransactionManager",
                        "com/zaxxer/hikari/HikariDataSource",
                        // what refuses connections that no source has told of
                        "org/postgresql/jdbc/PgStatement",
                        "org/postgresql/jdbc/PgPreparedStatement"))
                .start()) {
            // any one may be lucky, and where each commit is quick all of them
            int wrong = 0;
            for (int round = 0; wrong == 0 && round < 20; round++) {
                for (String form : FORMS) {
                    String counted = app.call("count", form, "60").value();
                    assertNotEquals("failed 60 counted 0", counted, form);
                    wrong += counted.equals("failed 0 counted 60") ? 0 : 1;
                }
            }
            assertTrue(wrong > 0, "no update was lost in 20 rounds");
            for (String kind : KINDS) {
                Program.Call writing = begin(app, kind);
                assertEquals("locked", app.call("lockAtOnce", kind).value());
                commit(app, kind, writing);
            }
        }
    }

    private static Program.Call begin(Program app, String kind) {
        Program.Call writing = app.begin("write", kind, kind, "line " + kind);
        app.awaitSaid("committing line " + kind + " true");
        return writing;
    }

    private void commit(Program app, String kind, Program.Call writing) {
        assertFalse(writing.ended());
        app.go("line " + kind);
        assertEquals("written", writing.reply().value());
        assertEquals("locked", app.call("lockAtOnce", kind).value());
        assertTrue(ledger.count("line " + kind) > 0);
    }

    private Program.Builder app(int version) {
        ledger.execute("CREATE TABLE IF NOT EXISTS counter (item TEXT PRIMARY KEY, n INT NOT NULL)");
        ledger.execute("TRUNCATE counter, ledger");
        return program(SpringTransactional.class)
                .with(ClassPath.folder("spring-" + version))
                .database("one", ledger.url())
                .database("two", ledger.url());
    }
}
