package io.floodlock.pools;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections; one implementation for each kind of pool, wrapper or driver class. */
interface Source {

    Connection connect() throws SQLException;
}
