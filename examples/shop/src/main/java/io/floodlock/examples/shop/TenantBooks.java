package io.floodlock.examples.shop;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;

/**
 * The books of two tenants in each of several regions. Each region has a database, and one routing DataSource selects
 * it. In each database each tenant has a schema and a role, and both share one pool. A sale is recorded in all of
 * them, over two connections at the same time.
 */
final class TenantBooks implements Books {

    private static final String SELLER = "seller";
    private static final String MARKET = "market";

    /** One connection per tenant for each call that runs at the same time. */
    private static final int POOL_SIZE = 36;

    /** One of this many sales is recorded. */
    private static final int EVERY = 8;

    private final ThreadLocal<Integer> region = new ThreadLocal<>();
    private final int regions;
    private final DataSource source;

    /** @param urls the URLs of the regions' databases */
    TenantBooks(String... urls) {
        regions = urls.length;
        Map<Object, Object> pools = new HashMap<>();
        for (int i = 0; i < regions; i++) {
            pools.put(i, pool("books-" + i, urls[i]));
        }
        AbstractRoutingDataSource routing = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return region.get();
            }
        };
        routing.setTargetDataSources(pools);
        routing.setDefaultTargetDataSource(pools.get(0));
        routing.afterPropertiesSet();
        source = new LazyConnectionDataSourceProxy(routing);
    }

    private static HikariDataSource pool(String name, String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setJdbcUrl(url);
        pool.setSchema("public");
        pool.setMaximumPoolSize(POOL_SIZE);
        pool.setMinimumIdle(0);
        return pool;
    }

    @Override
    public void enter(Order order) {
        if (order.id() % EVERY != 0) {
            return;
        }
        try {
            for (int i = 0; i < regions; i++) {
                region.set(i);
                enter(order, i);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("order " + order.id() + " can't be entered in the books", e);
        } finally {
            region.remove();
        }
    }

    private void enter(Order order, int place) throws SQLException {
        try (Connection seller = source.getConnection();
                Connection market = source.getConnection()) {
            become(seller, SELLER);
            become(market, MARKET);
            insert(seller, order, place, SELLER);
            insert(market, order, place, MARKET);
            execute(seller, "RESET ROLE");
            execute(market, "RESET ROLE");
        }
    }

    private static void become(Connection connection, String tenant) throws SQLException {
        connection.setSchema(tenant);
        execute(connection, "SET ROLE " + tenant);
    }

    private static void insert(Connection connection, Order order, int place, String tenant) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO entry (order_id, region, tenant) VALUES (?, ?, ?)")) {
            statement.setLong(1, order.id());
            statement.setInt(2, place);
            statement.setString(3, tenant);
            statement.executeUpdate();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
