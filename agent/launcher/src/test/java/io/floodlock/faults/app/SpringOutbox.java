package io.floodlock.faults.app;

import io.floodlock.Queued;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of Spring in which calls of queued methods are made. */
public final class SpringOutbox {

    private static final DataSource ONE = Databases.source("one");
    private static final DataSource LAZY = new LazyConnectionDataSourceProxy(ONE);

    private static final Map<String, Site> SITES = Map.of(
            "jdbc", new Site(ONE, new JdbcTransactionManager(ONE)),
            "source", new Site(ONE, new DataSourceTransactionManager(ONE)),
            "lazy", new Site(LAZY, new JdbcTransactionManager(LAZY)));

    private record Site(DataSource source, PlatformTransactionManager manager) {

        void run(int propagation, Runnable work) {
            TransactionTemplate template = new TransactionTemplate(manager);
            template.setPropagationBehavior(propagation);
            template.executeWithoutResult(status -> work.run());
        }

        void run(Runnable work) {
            run(TransactionDefinition.PROPAGATION_REQUIRED, work);
        }

        void insert(String line) {
            new JdbcTemplate(source).update("INSERT INTO ledger (line) VALUES (?)", line);
        }
    }

    private SpringOutbox() {}

    /** Loads this class, so that its queue is consumed. */
    static void load() {
        Console.say("loaded");
    }

    /** Runs one transaction of that kind, whose lines begin with its name. */
    static String place(String manager, String kind, String name) {
        Site site = SITES.get(manager);
        try {
            site.run(() -> work(site, kind, name));
        } catch (Undone e) {
            return "rolled back";
        }
        return "committed";
    }

    private static void work(Site site, String kind, String name) {
        switch (kind) {
            case "commit" -> {
                site.insert(name);
                follow(name, 1);
            }
            case "callFirst" -> {
                follow(name, 1);
                site.insert(name);
                follow(name, 2);
            }
            case "callOnly" -> follow(name, 1);
            case "rollback" -> {
                follow(name, 1);
                site.insert(name);
                throw new Undone();
            }
            case "new" -> {
                site.insert(name);
                follow(name, 1);
                site.run(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
                    site.insert(name);
                    follow(name, 2);
                });
                throw new Undone();
            }
            case "nested" -> {
                site.insert(name);
                follow(name, 1);
                try {
                    site.run(TransactionDefinition.PROPAGATION_NESTED, () -> {
                        site.insert(name);
                        follow(name, 2);
                        throw new Undone();
                    });
                } catch (Undone expected) {
                    follow(name, 3);
                }
            }
            case "suspended" -> {
                site.insert(name);
                site.run(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, () -> follow(name, 1));
                throw new Undone();
            }
            case "afterCommit" -> {
                site.insert(name);
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        follow(name, 1);
                    }
                });
            }
            default -> throw new IllegalArgumentException(kind);
        }
    }

    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    @Queued(queue = "follow", key = "{name}")
    private static void follow(String name, int number) {
        try {
            Databases.write("one", name + " followed " + number);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
