package io.floodlock.runtime.jdbc.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTest {

    @Test
    void plainReads() {
        for (String text : List.of(
                "SELECT 1",
                " select count(*), sum(a.b) from t where x in (1, 2) and y = 'it''s; commit'",
                "/* DELETE */ SELECT \"update\" FROM t -- UPDATE",
                "SELECT $$; COMMIT $$, $1, $tag$ ; $$ $tag$",
                "WITH x AS (SELECT 1) SELECT * FROM x",
                "VALUES (1, 2)",
                "SELECT E'\\'; COMMIT'")) {
            assertTrue(Sql.of(text).plainRead(), text);
            assertFalse(Sql.of(text).writes() || Sql.of(text).endsTransaction(), text);
        }
    }

    @Test
    void whatMayWriteIsNoPlainRead() {
        for (String text : List.of(
                "SELECT nextval('s')",
                "SELECT nextval /* x */ ('s')",
                "SELECT pg_notify -- x\n('ch', 'x')",
                "SELECT \"f\" (1)",
                "SELECT * FROM t FOR UPDATE",
                "SELECT * FROM t FOR SHARE",
                "SELECT 1 INTO t",
                "INSERT INTO t VALUES (1)",
                "SELECT 1; DELETE FROM t",
                "WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x",
                "{call f()}",
                "NOTIFY x",
                "SELECT 'a\\'; DELETE FROM t; --'",
                "",
                ";")) {
            assertFalse(Sql.of(text).plainRead(), text);
        }
        assertTrue(
                Sql.of("WITH x AS (DELETE FROM t RETURNING 1) SELECT * FROM x").writes());
        assertFalse(Sql.of("SELECT update, share FROM t").writes());
    }

    @Test
    void aFunctionsBodyEndsNoTransaction() {
        String create = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC ";
        for (String body : List.of(
                "SELECT 1; SELECT 2; END",
                "SELECT CASE WHEN true THEN 1 ELSE 2 END; SELECT 2; END;",
                "SELECT 1 AS end; SELECT t.case FROM t; END",
                "SELECT 1 AS \"x\"; END",
                "SELECT 'END'; /* END */ END")) {
            Sql sql = Sql.of(create + body);
            assertFalse(sql.endsTransaction() || sql.unsure() || sql.commits(), body);
            assertTrue(sql.writes(), body);
            assertEquals("COMMIT", Sql.of(create + body + "; COMMIT").ending(), body);
        }
        assertTrue(Sql.of(create + "SELECT 1; COMMIT").unsure(), "without its END any statement may hide in it");
        assertEquals("BEGIN", Sql.of("BEGIN ATOMIC; END").ending());
    }

    @Test
    void theStatementThatEndsATransactionIsNamed() {
        assertEquals("COMMIT", Sql.of("INSERT INTO t VALUES (1); commit").ending());
        assertEquals("INSERT", Sql.of("INSERT INTO t VALUES (1); commit").verb());
    }

    @Test
    void whatEndsATransactionIsSeenWhereverItStands() {
        for (String text : List.of(
                "COMMIT",
                "end",
                "abort",
                "/* x */ Rollback work",
                "UPDATE t SET a = ';'; COMMIT",
                "BEGIN",
                "START TRANSACTION",
                "PREPARE TRANSACTION 'x'",
                "SELECT 1;\n--\nCOMMIT AND CHAIN")) {
            assertTrue(Sql.of(text).endsTransaction(), text);
        }
        for (String text : List.of(
                "ROLLBACK TO SAVEPOINT a",
                "ROLLBACK TO a",
                "PREPARE p AS SELECT 1",
                "SAVEPOINT a",
                "SELECT 'COMMIT'",
                "SELECT commit FROM t",
                "CREATE FUNCTION f() RETURNS int AS 'BEGIN; COMMIT' LANGUAGE sql")) {
            assertFalse(Sql.of(text).endsTransaction(), text);
        }
    }

    @Test
    void unsureIsWhatDependsOnTheSession() {
        assertTrue(Sql.of("SELECT 'a\\'; COMMIT; --'").unsure());
        assertTrue(Sql.of("SELECT 'open").unsure());
        assertTrue(Sql.of("SELECT /* open").unsure());
        assertFalse(Sql.of("SELECT E'a\\'b'").unsure());
        assertEquals("DELETE", Sql.of("-- x\n delete from t").verb());
    }
}
