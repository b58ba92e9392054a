package io.floodlock.runtime.jdbc.driver;

import java.sql.SQLException;

/** One call of a driver. */
public interface SqlCall<T> {
    T call() throws SQLException;
}
