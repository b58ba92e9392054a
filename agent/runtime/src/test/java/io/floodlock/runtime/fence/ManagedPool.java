package io.floodlock.runtime.fence;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.api.transaction.TransactionAware;
import io.agroal.api.transaction.TransactionIntegration;
import java.sql.SQLException;
import java.time.Duration;
import javax.transaction.xa.XAResource;

/**
 * A pool of one connection whose transactions another ends, as that of Quarkus: each thread is in a transaction of JTA
 * as long as the test does not end it, and the connection may not turn autocommit on, and neither commit nor roll back.
 * One thread at a time.
 */
public final class ManagedPool implements TransactionIntegration, AutoCloseable {

    private final AgroalDataSource source;
    private TransactionAware enlisted;

    private ManagedPool(String url) {
        source = new io.agroal.pool.DataSource(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(1)
                        .acquisitionTimeout(Duration.ofMillis(250))
                        .transactionIntegration(this)
                        .connectionFactoryConfiguration(connections -> connections
                                .jdbcUrl(url)
                                .principal(new NamePrincipal("postgres"))
                                .credential(new SimplePassword("postgres"))))
                .get());
    }

    public static ManagedPool of(String url) {
        return new ManagedPool(url);
    }

    public AgroalDataSource source() {
        return source;
    }

    /** As a transaction manager does; the pool takes back only a connection that is part of no transaction. */
    void commit() throws SQLException {
        TransactionAware ending = enlisted;
        ending.transactionCommit();
        enlisted = null;
        ending.transactionEnd();
    }

    @Override
    public TransactionAware getTransactionAware() {
        return enlisted;
    }

    @Override
    public void associate(TransactionAware connection, XAResource resource) throws SQLException {
        if (enlisted == null) {
            enlisted = connection;
            connection.transactionCheckCallback(() -> enlisted != null);
            connection.transactionStart();
        }
    }

    @Override
    public boolean disassociate(TransactionAware connection) {
        return enlisted == null;
    }

    @Override
    public void addResourceRecoveryFactory(ResourceRecoveryFactory factory) {}

    @Override
    public void removeResourceRecoveryFactory(ResourceRecoveryFactory factory) {}

    @Override
    public void close() {
        source.close();
    }
}
