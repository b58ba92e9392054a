package io.floodlock.pools;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** An application that has nothing of Floodlock: prints the classes of the objects that it is given. */
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

    /** Proxies are numbered as they are made. */
    private static String named(Object object) {
        return object.getClass().getName().replaceAll("[0-9]+", "");
    }
}
