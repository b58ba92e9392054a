package io.floodlock.faults.app;

import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;
import jakarta.enterprise.inject.spi.Extension;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An application of Jakarta's whose methods have locks and run in JTA's transactions. */
public final class JakartaTransactional {

    private static final SeContainer CONTAINER = SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addExtensions(transactions())
            .addBeanClasses(JakartaForms.class, JakartaForms.OnClass.class)
            .initialize();
    private static final JakartaForms FORMS =
            CONTAINER.select(JakartaForms.class).get();

    private JakartaTransactional() {}

    /** What brings the interceptors, and the transaction manager. */
    private static Extension transactions() {
        try {
            return Class.forName("com.arjuna.ats.jta.cdi.TransactionExtension")
                    .asSubclass(Extension.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Adding {
        void add(String item) throws SQLException;
    }

    /** Counts on four threads, and answers how often that failed and how far it came. */
    static String count(String form, String times) throws Exception {
        Adding adding = form.equals("class")
                ? CONTAINER.select(JakartaForms.OnClass.class).get()::add
                : FORMS::add;
        XaRows.create(form);
        AtomicInteger failed = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < Integer.parseInt(times); i++) {
            threads.execute(() -> {
                try {
                    adding.add(form);
                } catch (SQLException | RuntimeException e) {
                    failed.incrementAndGet();
                    e.printStackTrace();
                }
            });
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.MINUTES);
        return "failed " + failed + " counted " + XaRows.read(form);
    }

    static String outer(String item, String line) throws SQLException {
        FORMS.outer(item, line);
        return "written";
    }

    static String outerOfNew(String item, String line) throws SQLException {
        FORMS.outerOfNew(FORMS, item, line);
        return "written";
    }

    static String lockAtOnce(String item) {
        return Locks.lockAtOnce(item);
    }
}
