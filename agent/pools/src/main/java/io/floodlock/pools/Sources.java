package io.floodlock.pools;

import com.alibaba.druid.pool.DruidDataSource;
import com.jolbox.bonecp.BoneCPDataSource;
import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.p6spy.engine.spy.P6DataSource;
import com.zaxxer.hikari.HikariDataSource;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import java.beans.PropertyVetoException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import javax.sql.PooledConnection;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.apache.commons.dbcp2.BasicDataSource;
import org.apache.commons.dbcp2.datasources.SharedPoolDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.vibur.dbcp.ViburDBCPDataSource;

/** Creates each kind of connection source, by name, for one database URL. */
final class Sources {

    private interface Maker {
        Source make(String url) throws SQLException;
    }

    private static final Map<String, Maker> ALL = Map.ofEntries(
            Map.entry("hikari", url -> hikari(url)::getConnection),
            Map.entry("hikariSubclass", url -> over(new Counted(url))),
            Map.entry("dbcp2", url -> dbcp2(url)::getConnection),
            Map.entry("dbcp2Shared", Sources::shared),
            Map.entry("dbcp1", Sources::dbcp1),
            Map.entry("tomcat", Sources::tomcat),
            Map.entry("agroal", Sources::agroal),
            Map.entry("druid", url -> over(druid(url))),
            Map.entry("druidByItsOwnType", url -> druid(url)::getConnection),
            Map.entry("c3p0", Sources::c3p0),
            Map.entry("vibur", url -> vibur(url)::getConnection),
            Map.entry("viburUnpooled", url -> vibur(url)::getNonPooledConnection),
            Map.entry("bonecp", Sources::bonecp),
            Map.entry("driver", url -> driver(url)::getConnection),
            Map.entry("driverPool", Sources::driverPool),
            Map.entry("pooledConnection", Sources::pooledConnection),
            Map.entry("xaConnection", Sources::xaConnection),
            Map.entry("driverManager", url -> () -> DriverManager.getConnection(url)),
            Map.entry("narrowed", url -> over(new Narrowed(url))),
            Map.entry("narrowedByItsOwnType", url -> new Narrowed(url)::getConnection),
            Map.entry("routing", Sources::routing),
            Map.entry("transactionAware", url -> over(new TransactionAwareDataSourceProxy(dbcp2(url)))),
            Map.entry("singleConnection", url -> over(new SingleConnectionDataSource(url, true))),
            Map.entry("p6spy", url -> over(new P6DataSource(hikari(url)))),
            Map.entry(
                    "datasourceProxy",
                    url -> over(ProxyDataSourceBuilder.create(dbcp2(url)).build())),
            Map.entry("proxyOverPool", url -> over(proxy(hikari(url)))),
            Map.entry("proxyOverNothing", url -> over(proxy(new DriverManagerSource(url)))));

    private Sources() {}

    static Set<String> names() {
        return new TreeSet<>(ALL.keySet());
    }

    static Source of(String name, String url) throws SQLException {
        return ALL.get(name).make(url);
    }

    static Source over(DataSource source) {
        return source::getConnection;
    }

    static HikariDataSource hikari(String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(2);
        pool.setMinimumIdle(0);
        return pool;
    }

    /** A pool class that the application itself declares. */
    static final class Counted extends HikariDataSource {

        private int taken;

        Counted(String url) {
            setJdbcUrl(url);
            setMaximumPoolSize(2);
            setMinimumIdle(0);
        }

        @Override
        public Connection getConnection() throws SQLException {
            taken++;
            return super.getConnection();
        }

        int taken() {
            return taken;
        }
    }

    static BasicDataSource dbcp2(String url) {
        BasicDataSource pool = new BasicDataSource();
        pool.setUrl(url);
        pool.setMaxTotal(2);
        pool.setValidationQuery("SELECT 1");
        pool.setAccessToUnderlyingConnectionAllowed(true);
        return pool;
    }

    private static Source shared(String url) {
        SharedPoolDataSource pool = new SharedPoolDataSource();
        pool.setConnectionPoolDataSource(forPools(url));
        return over(pool);
    }

    private static Source dbcp1(String url) {
        org.apache.commons.dbcp.BasicDataSource pool = new org.apache.commons.dbcp.BasicDataSource();
        pool.setDriverClassName("org.postgresql.Driver");
        pool.setUrl(url);
        pool.setMaxActive(2);
        return over(pool);
    }

    private static Source tomcat(String url) {
        org.apache.tomcat.jdbc.pool.DataSource pool = new org.apache.tomcat.jdbc.pool.DataSource();
        pool.setDriverClassName("org.postgresql.Driver");
        pool.setUrl(url);
        pool.setMaxActive(2);
        pool.setInitialSize(1);
        pool.setTestOnBorrow(true);
        pool.setValidationQuery("SELECT 1");
        return over(pool);
    }

    private static Source agroal(String url) throws SQLException {
        return over(AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool ->
                        pool.maxSize(2).connectionFactoryConfiguration(connections -> connections.jdbcUrl(url)))));
    }

    static DruidDataSource druid(String url) {
        DruidDataSource pool = new DruidDataSource();
        pool.setUrl(url);
        pool.setMaxActive(2);
        pool.setValidationQuery("SELECT 1");
        pool.setTestOnBorrow(true);
        return pool;
    }

    private static Source c3p0(String url) throws SQLException {
        ComboPooledDataSource pool = new ComboPooledDataSource();
        try {
            pool.setDriverClass("org.postgresql.Driver");
        } catch (PropertyVetoException e) {
            throw new SQLException(e);
        }
        pool.setJdbcUrl(url);
        pool.setInitialPoolSize(1);
        pool.setMinPoolSize(1);
        pool.setMaxPoolSize(2);
        return over(pool);
    }

    static ViburDBCPDataSource vibur(String url) {
        ViburDBCPDataSource pool = new ViburDBCPDataSource();
        pool.setJdbcUrl(url);
        pool.setUsername("postgres");
        pool.setPassword("");
        pool.setPoolInitialSize(1);
        pool.setPoolMaxSize(2);
        pool.start();
        return pool;
    }

    private static Source bonecp(String url) {
        BoneCPDataSource pool = new BoneCPDataSource();
        pool.setDriverClass("org.postgresql.Driver");
        pool.setJdbcUrl(url);
        pool.setUsername("postgres");
        pool.setPassword("");
        pool.setPartitionCount(1);
        pool.setMinConnectionsPerPartition(1);
        pool.setMaxConnectionsPerPartition(2);
        return over(pool);
    }

    private static PGSimpleDataSource driver(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    @SuppressWarnings("deprecation")
    private static Source driverPool(String url) {
        org.postgresql.ds.PGPoolingDataSource pool = new org.postgresql.ds.PGPoolingDataSource();
        pool.setUrl(url);
        pool.setMaxConnections(2);
        return over(pool);
    }

    private static PGConnectionPoolDataSource forPools(String url) {
        PGConnectionPoolDataSource source = new PGConnectionPoolDataSource();
        source.setUrl(url);
        return source;
    }

    private static Source pooledConnection(String url) throws SQLException {
        PooledConnection pooled = forPools(url).getPooledConnection();
        return pooled::getConnection;
    }

    private static Source xaConnection(String url) throws SQLException {
        PGXADataSource source = new PGXADataSource();
        source.setUrl(url);
        return source.getXAConnection()::getConnection;
    }

    private static Source routing(String url) {
        AbstractRoutingDataSource router = new AbstractRoutingDataSource() {
            @Override
            protected Object determineCurrentLookupKey() {
                return "one";
            }
        };
        router.setTargetDataSources(Map.of("one", hikari(url)));
        router.afterPropertiesSet();
        return over(new LazyConnectionDataSourceProxy(router));
    }

    private static DataSource proxy(DataSource target) {
        return (DataSource) Proxy.newProxyInstance(
                Sources.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, arguments) -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
