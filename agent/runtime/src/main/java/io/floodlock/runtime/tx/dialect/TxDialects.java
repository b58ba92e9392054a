package io.floodlock.runtime.tx.dialect;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** The database products that can take part in a two-phase commit. */
public final class TxDialects {

    private static final List<TxDialect> ALL = List.of(new PostgresTxDialect());

    private TxDialects() {}

    /** The dialect of a connection's product; null if the product can't take part. */
    public static TxDialect of(DatabaseMetaData about) throws SQLException {
        String product = about.getDatabaseProductName();
        for (TxDialect dialect : ALL) {
            if (dialect.product().equals(product)) {
                return dialect;
            }
        }
        return null;
    }

    /** The names of the products, for messages. */
    public static String products() {
        return ALL.stream().map(TxDialect::product).collect(Collectors.joining(", "));
    }
}
