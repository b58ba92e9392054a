package io.floodlock.faults.app;

import io.floodlock.Floodlock;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Beans of Spring with queued methods and interceptors around them. */
public final class SpringQueued {

    private static final Mail MADE = new Mail();
    private static final AnnotationConfigApplicationContext CONTEXT =
            new AnnotationConfigApplicationContext(Beans.class);

    private SpringQueued() {}

    /** By a method that the JDK proxy's interface has. */
    static String send(String what) {
        Sending bean = CONTEXT.getBean(Sending.class);
        bean.send(what);
        return "proxy " + Proxy.isProxyClass(bean.getClass());
    }

    static String sendAny(String what) {
        @SuppressWarnings("unchecked")
        Any<String> bean = CONTEXT.getBean(Any.class);
        bean.sendAny(what);
        return "stored";
    }

    /** By a method that only the class behind the proxy has. */
    static String hidden(String what) {
        MADE.hidden(what);
        return "stored";
    }

    static String report(String what) {
        CONTEXT.getBean(Reports.class).report(what);
        return "called";
    }

    static String compute(String what) throws Exception {
        return CONTEXT.getBean(Reports.class).compute(what).get();
    }

    static String number(String what) {
        CONTEXT.getBean(Reports.class).number(Integer.parseInt(what));
        return "called";
    }

    static String locked(String what) {
        CONTEXT.getBean(Locking.class).write(what);
        return "stored";
    }

    interface Sending {
        void send(String what);
    }

    interface Any<T> {
        void sendAny(T what);
    }

    static class Mail implements Sending, Any<String> {

        @Override
        @Transactional
        @Queued(queue = "mail", waitTime = "1m")
        public void send(String what) {
            tell("sent", what);
        }

        @Override
        @Transactional
        @Queued(queue = "mail", waitTime = "1m")
        public void sendAny(String what) {
            tell("sent", what);
        }

        @Transactional
        @Queued(queue = "mail", waitTime = "1m")
        public void hidden(String what) {
            tell("hid", what);
        }
    }

    private static void tell(String verb, String what) {
        Console.say(verb + " " + what + " in a transaction "
                + TransactionSynchronizationManager.isActualTransactionActive());
    }

    /** Spring runs these on its own threads, when it is called for a caller and when it is called by a consumer. */
    static class Reports {

        @Async
        @Queued(queue = "reports", waitTime = "1m")
        public void report(String what) {
            Console.say("reported " + what);
        }

        @Async
        @Queued(queue = "reports", waitTime = "1m")
        public CompletableFuture<String> compute(String what) {
            return CompletableFuture.completedFuture("computed " + what);
        }

        /** By a number alone a call is not known again on another thread. */
        @Async
        @Queued(queue = "reports", waitTime = "1m")
        public void number(int what) {
            Console.say("numbered " + what);
        }
    }

    static class Locking {

        @Transactional
        @PessimisticLock(key = "item:{what}", waitTime = "1m")
        @Queued(queue = "locking", waitTime = "1m")
        public void write(String what) {
            tell("wrote", what);
        }
    }

    /** A transaction of nothing. */
    private static final class Manager extends AbstractPlatformTransactionManager {

        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            Console.say("begun, locked " + isLocked());
        }

        private static boolean isLocked() {
            try {
                return Floodlock.fencingToken() > 0;
            } catch (IllegalStateException noLock) {
                return false;
            }
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            // there is nothing
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            // there is nothing
        }
    }

    @Configuration
    @EnableAsync
    @EnableTransactionManagement
    static class Beans {

        @Bean
        PlatformTransactionManager transactions() {
            return new Manager();
        }

        @Bean
        Sending mail() {
            return MADE;
        }

        @Bean
        Reports reports() {
            return new Reports();
        }

        @Bean
        Locking locking() {
            return new Locking();
        }
    }
}
