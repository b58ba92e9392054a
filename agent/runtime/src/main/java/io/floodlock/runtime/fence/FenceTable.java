package io.floodlock.runtime.fence;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * The table {@code floodlock_fence}: for each key, the last holder that worked in this database. The agent creates the
 * table at the first claim, outside any transaction, if the role may; otherwise the error shows these statements.
 *
 * <pre>
 * name      namespace:key; '' in the row that identifies the database
 * token     fencing token of the last holder; at least the time of Redis's clock in microseconds
 * owner     identifies that holder, because Redis may issue a token twice after it has lost data
 * format    of the row: 1
 * </pre>
 *
 * <p>Rows whose token is more than eight days old by the database's clock are deleted from time to time. A claim whose
 * token is more than seven days old is refused, whatever row is stored: so a holder that was stopped for that long
 * gains nothing from the deletion of rows. Such a refusal makes the token count continue from the present time. If a
 * lock is really held for a week, the retry therefore succeeds.
 */
public final class FenceTable {

    /** Unqualified name of the table. */
    public static final String NAME = "floodlock_fence";

    /** Age at which a row may be deleted: a day more than the age at which its token can claim nothing. */
    static final Duration DELETED = FenceDialect.OLDEST.plusDays(1);

    private FenceTable() {}

    /**
     * The statements that create the table, one per element, for the owner of the schema to run.
     *
     * @param product {@code postgresql}, {@code mysql} or {@code mariadb}
     * @throws IllegalArgumentException for any other product
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
