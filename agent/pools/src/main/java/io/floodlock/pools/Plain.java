package io.floodlock.pools;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** An application without Floodlock annotations: prints the classes of the JDBC objects it receives. */
public final class Plain {

    private Plain() {}

    public static void main(String[] args) throws SQLException {
        for (String name : Sources.names()) {
            try (Connection connection = Sources.of(name, args[0]).connect();
                    PreparedStatement statement = connection.prepareStatement("SELECT 1");
                    ResultSet rows = statement.executeQuery()) {
                System.out.println("given " + name
                        + " " + named(connection)
                        + " " + named(statement)
                        + " " + named(rows)
                        + " " + named(connection.getMetaData()));
            }
        }
        System.exit(0);
    }

    /** Without digits, because the JDK numbers proxy classes in the order of their creation. */
    private static String named(Object object) {
        return object.getClass().getName().replaceAll("[0-9]+", "");
    }
}
