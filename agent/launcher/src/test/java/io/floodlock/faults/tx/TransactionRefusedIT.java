package io.floodlock.faults.tx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.TransactionRolledBackException;
import io.floodlock.faults.Ledger;
import io.floodlock.faults.Namespaces;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.Servers;
import io.floodlock.faults.app.Transactions;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.PostgresServer;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Databases that are not ready for transactions over several: the error says what to do, and nothing is torn. */
@OnEachJdk
class TransactionRefusedIT {

    private static PostgresServer unprepared;

    @Parameter
    Jdk jdk;

    private final String line = Namespaces.next();

    @BeforeAll
    static void startServers() {
        unprepared = PostgresServer.start(Map.of("max_prepared_transactions", "0"));
    }

    @AfterAll
    static void stopServers() {
        unprepared.close();
    }

    @Test
    void withoutPreparedTransactionsOnlyOneDatabaseWorks() {
        Ledger one = Ledger.create(unprepared, "one" + line);
        Ledger two = Ledger.create(unprepared, "two" + line);
        try (Program app = app(one.url(), two.url()).start()) {
            app.call("both", line).threw(TransactionRolledBackException.class, "max_prepared_transactions");
            assertEquals(0, one.count(line) + two.count(line));

            app.call("only", "one", line).value();
            app.call("only", "two", line).value();
            assertEquals(1, one.count(line));
            assertEquals(1, two.count(line));
        }
    }

    @Test
    void roleThatMayNotCreateIsToldTheStatement() {
        Ledger one = Servers.ledger();
        Ledger two = Servers.ledger();
        String clerk = "clerk_" + line;
        one.execute("CREATE ROLE " + clerk + " LOGIN");
        for (Ledger ledger : new Ledger[] {one, two}) {
            ledger.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            ledger.execute("GRANT SELECT, INSERT ON ledger TO " + clerk);
        }
        String urlOne = one.url().replace("user=postgres", "user=" + clerk);
        String urlTwo = two.url().replace("user=postgres", "user=" + clerk);
        try (Program app = app(urlOne, urlTwo).start()) {
            String message = app.call("both", line).threw(TransactionRolledBackException.class, "CREATE TABLE", clerk);
            assertEquals(0, one.count(line) + two.count(line));

            // one database that holds decisions is enough
            one.execute(statement(message));
            app.call("both", line).value();
            assertEquals(1, one.count(line));
            assertEquals(1, two.count(line));
        }
    }

    /** What an administrator would copy from the message. */
    private static String statement(String message) {
        Matcher statement = Pattern.compile("CREATE TABLE.*?GRANT [^;]*;").matcher(message.replace(" | ", "\n"));
        assertTrue(statement.find(), message);
        return statement.group();
    }

    private Program.Builder app(String one, String two) {
        return Program.of(Transactions.class)
                .jdk(jdk)
                .setting("namespace", line)
                .database("one", one)
                .database("two", two);
    }
}
