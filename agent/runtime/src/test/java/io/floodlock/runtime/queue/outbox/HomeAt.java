package io.floodlock.runtime.queue.outbox;

import io.floodlock.runtime.tx.TxHome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A database that can be made to refuse connections. */
final class HomeAt implements TxHome {

    private final String url;
    volatile boolean refuses;

    HomeAt(String url) {
        this.url = url;
    }

    @Override
    public String id() {
        return "shop";
    }

    @Override
    public String name() {
        return "shop";
    }

    @Override
    public String schema() {
        return "public.";
    }

    @Override
    public Connection open() throws SQLException {
        if (refuses) {
            throw new SQLException("connection refused");
        }
        return DriverManager.getConnection(url);
    }

    @Override
    public int endBlockers(int backend) {
        throw new AssertionError();
    }

    @Override
    public Unsettled unsettled(String gid) {
        throw new AssertionError();
    }
}
