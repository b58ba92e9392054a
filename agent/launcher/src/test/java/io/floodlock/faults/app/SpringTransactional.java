package io.floodlock.faults.app;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** An application of Spring's whose methods have locks and run in transactions. */
public final class SpringTransactional {

    private static final AnnotationConfigApplicationContext CONTEXT =
            new AnnotationConfigApplicationContext(Beans.class);
    private static final SpringForms.Locking LOCKING = bean(SpringForms.Locking.class);
    private static final ThreadLocal<Runnable> LATER = new ThreadLocal<>();
    private static final SpringForms.Outer OUTER = bean(SpringForms.Outer.class);

    @SuppressWarnings("unchecked")
    private static final Map<String, Consumer<String>> FORMS = Map.of(
            "method", bean(SpringForms.Form.class)::add,
            "class", bean(SpringForms.OnClass.class)::add,
            "interface", bean(SpringForms.Declared.class)::add,
            "composed", bean(SpringForms.Composed.class)::add,
            "generic", ((SpringForms.Adds<String>) bean(SpringForms.Adds.class))::add,
            "inherited", bean(SpringForms.Inherited.class)::add,
            "instance", bean(SpringForms.ByInstance.class)::add);

    private SpringTransactional() {}

    private static <T> T bean(Class<T> type) {
        return CONTEXT.getBean(type);
    }

    /** Counts with one form on four threads, and answers how often that failed and how far it came. */
    static String count(String form, String times) throws InterruptedException {
        Rows.create(form);
        Consumer<String> add = FORMS.get(form);
        AtomicInteger failed = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int i = 0; i < Integer.parseInt(times); i++) {
            threads.execute(() -> {
                try {
                    add.accept(form);
                } catch (RuntimeException e) {
                    failed.incrementAndGet();
                    e.printStackTrace();
                }
            });
        }
        threads.shutdown();
        threads.awaitTermination(1, TimeUnit.MINUTES);
        return "failed " + failed + " counted " + Rows.read(form);
    }

    static String askedOnce(String item) {
        Rows.create(item);
        bean(SpringForms.AskedOnce.class).add(new SpringForms.Fickle(item));
        return "asked " + new SpringForms.Fickle(item).times();
    }

    /** Writes under the lock, in a transaction of each kind; its commit waits at the gate that has the line's name. */
    static String write(String kind, String item, String line) throws Exception {
        GatedManager.waitAt(line);
        switch (kind) {
            case "outer" -> OUTER.call(() -> LOCKING.write(item, line));
            case "joining" -> OUTER.call(() -> LOCKING.writeJoining(item, line));
            case "nested" -> OUTER.call(() -> OUTER.callNested(() -> LOCKING.write(item, line)));
            case "template" -> template().executeWithoutResult(status -> LOCKING.write(item, line));
            case "twice" ->
                OUTER.call(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        LOCKING.write(item, line);
                    }
                });
            case "upgrade" ->
                OUTER.call(() -> {
                    Locks.share(item);
                    Locks.lock(item);
                });
            case "atMost" -> OUTER.call(() -> LOCKING.writeAtMost(item, line));
            case "newInside" -> {
                // the first commit is that of the inner transaction, which is not to wait
                GatedManager.waitAt(null);
                OUTER.call(() -> {
                    LOCKING.write(item, line);
                    OUTER.callInNew(() -> LOCKING.write(item, line));
                    GatedManager.waitAt(line);
                });
            }
            case "innerNew" -> {
                GatedManager.waitAt(null);
                OUTER.call(() -> {
                    Rows.write(line);
                    LOCKING.writeInNew(item, line);
                    GatedManager.waitAt(line);
                });
            }
            case "innerNone" -> {
                GatedManager.waitAt(null);
                OUTER.call(() -> {
                    Rows.write(line);
                    OUTER.callInNone(() -> LOCKING.change(item, () -> Rows.write(line)));
                    GatedManager.waitAt(line);
                });
            }
            case "otherInside" -> {
                GatedManager.waitAt(null);
                OUTER.call(() -> {
                    OUTER.callInOther(() -> writeLater(item, line));
                    flush();
                    GatedManager.waitAt(line);
                });
            }
            case "newInsideOther" -> {
                GatedManager.waitAt(null);
                OUTER.call(() -> OUTER.callInOther(() -> {
                    OUTER.callInNew(() -> writeLater(item, line));
                    flush();
                    GatedManager.waitAt(line);
                }));
            }
            case "otherEnded" -> {
                GatedManager.waitAt(null);
                OUTER.call(() -> {
                    OUTER.callInOther(() -> OUTER.callInNew(() -> LOCKING.write(item, line)));
                    GatedManager.waitAt(line);
                });
            }
            case "jdbc" -> PlainJdbc.write(item, line);
            case "distributed" -> PlainJdbc.writeDistributed(item, line);
            case "late" -> OUTER.callAfterReading(() -> Rows.read("method"), () -> LOCKING.writeLate(item, line));
            default -> throw new IllegalArgumentException(kind);
        }
        return "written";
    }

    /** As an object mapper does, that writes before the commit what has changed. */
    private static void writeLater(String item, String line) {
        LOCKING.change(item, () -> LATER.set(() -> Rows.write(line)));
    }

    private static void flush() {
        LATER.get().run();
        LATER.remove();
    }

    static String writeOrSkip(String item, String line) {
        GatedManager.waitAt(line);
        return LOCKING.writeOrSkip(item, line).orElse("skipped");
    }

    private static TransactionTemplate template() {
        return new TransactionTemplate(bean(PlatformTransactionManager.class));
    }

    static String hold(String item, String gate) {
        return Locks.hold(item, gate);
    }

    static String lockAtOnce(String item) {
        return Locks.lockAtOnce(item);
    }

    @Configuration
    @EnableTransactionManagement
    static class Beans {

        @Bean
        @Primary
        PlatformTransactionManager transactions() {
            return new GatedManager(Databases.source("one"));
        }

        @Bean
        PlatformTransactionManager others() {
            return new GatedManager(Databases.source("two"));
        }

        @Bean
        SpringForms.Form onMethod() {
            return new SpringForms.OnMethod();
        }

        @Bean
        SpringForms.OnClass onClass() {
            return new SpringForms.OnClass();
        }

        @Bean
        SpringForms.Declared onInterface() {
            return new SpringForms.OnInterface();
        }

        @Bean
        SpringForms.Composed composed() {
            return new SpringForms.Composed();
        }

        @Bean
        SpringForms.Adds<String> generic() {
            return new SpringForms.Generic();
        }

        @Bean
        SpringForms.Inherited inherited() {
            return new SpringForms.Inherited();
        }

        @Bean
        SpringForms.ByInstance byInstance() {
            return new SpringForms.ByInstance();
        }

        @Bean
        SpringForms.AskedOnce askedOnce() {
            return new SpringForms.AskedOnce();
        }

        @Bean
        SpringForms.Outer outer() {
            return new SpringForms.Outer();
        }

        @Bean
        SpringForms.Locking locking() {
            return new SpringForms.Locking();
        }
    }
}
