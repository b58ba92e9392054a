package io.floodlock.examples.shop;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An ordinary Spring Boot application: two plain pools, no transaction manager, and only the annotations of
 * Floodlock.
 */
@SpringBootApplication
public class ShopApplication {

    /**
     * The number of threads that work at the same time, of the queue and of customers. Each uses at most one
     * connection of each pool.
     */
    private static final int POOL_SIZE = 40;

    @Bean
    JdbcTemplate orders(@Value("${shop.orders}") String url) {
        return new JdbcTemplate(pool("orders", url));
    }

    @Bean
    JdbcTemplate payments(@Value("${shop.payments}") String url) {
        return new JdbcTemplate(pool("payments", url));
    }

    /** @param urls the URLs of the databases of the tenants' books; none by default */
    @Bean
    Books books(@Value("${shop.books:}") String... urls) {
        return urls.length == 0 ? Books.NONE : new TenantBooks(urls);
    }

    private static HikariDataSource pool(String name, String url) {
        HikariDataSource pool = new HikariDataSource();
        pool.setPoolName(name);
        pool.setJdbcUrl(url);
        pool.setMaximumPoolSize(POOL_SIZE);
        return pool;
    }
}
