package io.floodlock.faults.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.LockTimeoutException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.JakartaTransactional;
import io.floodlock.faults.undo.UndoAgent;
import org.junit.jupiter.api.Test;

/** Locks and JTA's transactions, by Narayana and Weld, over XA connections of which the agent sees none. */
@OnEachJdk
class JakartaBoundaryIT extends SharedRedis {

    private static final String[] FORMS = {"method", "class"};

    private final Ledger ledger = Servers.ledger();

    @Test
    void locksAreHeldAroundTheTransaction() {
        try (Program app = app().start()) {
            for (String form : FORMS) {
                assertEquals(
                        "failed 0 counted 40", app.call("count", form, "40").value(), form);
            }
            Program.Call writing = begin(app, "outer");
            app.call("lockAtOnce", "outer").threw(LockTimeoutException.class, "item:outer");
            commit(app, "outer", writing);

            // what is written in a new transaction inside it is free with that
            writing = begin(app, "outerOfNew");
            assertEquals("locked", app.call("lockAtOnce", "outerOfNew").value());
            commit(app, "outerOfNew", writing);
        }
    }

    /** The control: woven as ever, but for the interceptors and the transaction manager. */
    @Test
    void withoutTheBoundaryTheyAreFreeTooEarly() {
        try (Program app = app().and(UndoAgent.option(
                        "com/arjuna/ats/jta/cdi/transactional/TransactionalInterceptorRequired",
                        "com/arjuna/ats/jta/cdi/DelegatingTransactionManager",
                        "com/arjuna/ats/internal/jta/transaction/arjunacore/TransactionManagerImple"))
                .start()) {
            Program.Call writing = begin(app, "outer");
            assertEquals("locked", app.call("lockAtOnce", "outer").value());
            commit(app, "outer", writing);
        }
    }

    private static Program.Call begin(Program app, String verb) {
        Program.Call writing = app.begin(verb, verb, "line " + verb);
        app.awaitSaid("committing line " + verb);
        return writing;
    }

    private void commit(Program app, String verb, Program.Call writing) {
        assertFalse(writing.ended());
        app.go("line " + verb);
        assertEquals("written", writing.reply().value());
        assertEquals("locked", app.call("lockAtOnce", verb).value());
        assertTrue(ledger.count("line " + verb) > 0);
    }

    private Program.Builder app() {
        ledger.execute("CREATE TABLE counter (item TEXT PRIMARY KEY, n INT NOT NULL)");
        Program.Builder app = program(JakartaTransactional.class)
                .with(ClassPath.folder("jakarta"))
                .database("one", ledger.url());
        // Narayana's three stores, which would be folders in the working directory
        for (String store : new String[] {"", "communicationStore.", "stateStore."}) {
            app.property(
                    "ObjectStoreEnvironmentBean." + store + "objectStoreType",
                    "com.arjuna.ats.internal.arjuna.objectstore.VolatileStore");
        }
        return app;
    }
}
