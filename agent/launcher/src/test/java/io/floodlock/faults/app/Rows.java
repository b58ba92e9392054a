package io.floodlock.faults.app;

import org.springframework.jdbc.core.JdbcTemplate;

/** Database "one", as Spring's current transaction sees it. */
final class Rows {

    private static final JdbcTemplate ONE = new JdbcTemplate(Databases.source("one"));

    private Rows() {}

    static void write(String line) {
        ONE.update("INSERT INTO ledger (line) VALUES (?)", line);
    }

    static void create(String item) {
        ONE.update("INSERT INTO counter (item, n) VALUES (?, 0) ON CONFLICT (item) DO UPDATE SET n = 0", item);
    }

    static int read(String item) {
        return ONE.queryForObject("SELECT n FROM counter WHERE item = ?", Integer.class, item);
    }

    /** Reads it and writes one more, in two steps. */
    static void next(String item) {
        ONE.update("UPDATE counter SET n = ? WHERE item = ?", read(item) + 1, item);
    }
}
