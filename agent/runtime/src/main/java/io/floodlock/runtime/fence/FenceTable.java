package io.floodlock.runtime.fence;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The table {@code floodlock_fence}: who worked last under each key in this database. The agent creates it at the first
 * claim, outside any transaction, where the role may; else the error shows these statements.
 *
 * <pre>
 * name      namespace:key; '' in the row that identifies the database
 * token     the last holder's fencing token, microseconds of Redis's clock or more
 * owner     which holder had it, as a token may be given out twice where Redis has lost data
 * format    of the row: 1
 * </pre>
 *
 * Rows whose token is more than eight days old by the database's clock are deleted now and then. A claim with a token
 * of more than seven days is refused, whatever row is there: so nobody who was stopped for that long finds his way
 * free. (Such a refusal lets the count go on from now, and the retry succeeds, should a lock really be held for a
 * week.)
 */
public final class FenceTable {

    /** Unqualified. */
    public static final String NAME = "floodlock_fence";

    static final Duration DELETED = FenceDialect.OLDEST.plusDays(1);

    private FenceTable() {}

    /**
     * What creates the table, one statement each, to be run by whoever owns the schema.
     *
     * @param product {@code postgresql}, {@code mysql} or {@code mariadb}
     * @throws IllegalArgumentException for another
     */
    public static List<String> ddl(String product) {
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> new PostgresFenceDialect().ddl(NAME);
            case "mysql", "mariadb" -> new MariaDbFenceDialect().ddl(NAME);
            default ->
                throw new IllegalArgumentException(
                        "'" + product + "' can't be fenced; there are postgresql, mariadb and mysql");
        };
    }
}
