package io.floodlock.pools;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. */
interface Source {

    Connection connect() throws SQLException;
}
