package io.floodlock.faults.app;

import io.floodlock.OnBusy;
import io.floodlock.PessimisticLock;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Optional;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Every form in which a method with a lock is made transactional. Each reads a number and writes the next, at an isolation
 * that reads as of the transaction's first statement: a lock taken later than that protects nothing.
 */
final class SpringForms {

    private SpringForms() {}

    interface Form {
        void add(String item);
    }

    static class OnMethod implements Form {
        @Override
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        @Transactional(isolation = Isolation.REPEATABLE_READ)
        public void add(String item) {
            Rows.next(item);
        }
    }

    @Transactional(isolation = Isolation.REPEATABLE_READ)
    static class OnClass {
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        public void add(String item) {
            Rows.next(item);
        }
    }

    interface Declared {
        @Transactional(isolation = Isolation.REPEATABLE_READ)
        void add(String item);
    }

    static class OnInterface implements Declared {
        @Override
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        public void add(String item) {
            Rows.next(item);
        }
    }

    @Transactional(isolation = Isolation.REPEATABLE_READ)
    @Retention(RetentionPolicy.RUNTIME)
    @interface Atomic {}

    static class Composed {
        @Atomic
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        public void add(String item) {
            Rows.next(item);
        }
    }

    interface Adds<T> {
        void add(T item);
    }

    static class Generic implements Adds<String> {
        @Override
        @Transactional(isolation = Isolation.REPEATABLE_READ)
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        public void add(String item) {
            Rows.next(item);
        }

        /** Which a caller of the interface does not mean. */
        @PessimisticLock(key = "other:{item}")
        public void add(Integer item) {
            throw new IllegalStateException("not meant");
        }
    }

    static class Base {
        @Transactional(isolation = Isolation.REPEATABLE_READ)
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        public void add(String item) {
            Rows.next(item);
        }
    }

    static class Inherited extends Base {}

    /** Its key comes from the instance behind the proxy; the proxy's own field is empty. */
    static class ByInstance {
        private final String kind = "item";

        @Transactional(isolation = Isolation.REPEATABLE_READ)
        @PessimisticLock(key = "{this.kind}:{item}", waitTime = "1m")
        public void add(String item) {
            Rows.next(item);
        }

        String kind() {
            return kind;
        }
    }

    /** Its key answers otherwise each time that it is asked. */
    record Fickle(String item) {
        private static int asked;

        int times() {
            synchronized (Fickle.class) {
                return ++asked / 2;
            }
        }
    }

    static class AskedOnce {
        @Transactional(isolation = Isolation.REPEATABLE_READ)
        @PessimisticLock(key = "{fickle.times}", waitTime = "1m")
        public void add(Fickle fickle) {
            Rows.next(fickle.item());
        }
    }

    /** Has no lock: the transaction that others, with locks, are called in. */
    static class Outer {
        @Transactional
        public void call(Runnable work) {
            work.run();
        }

        @Transactional(isolation = Isolation.REPEATABLE_READ)
        public void callAfterReading(Runnable reading, Runnable work) {
            reading.run();
            work.run();
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void callInNew(Runnable work) {
            work.run();
        }

        @Transactional(propagation = Propagation.NOT_SUPPORTED)
        public void callInNone(Runnable work) {
            work.run();
        }

        @Transactional(transactionManager = "others")
        public void callInOther(Runnable work) {
            work.run();
        }

        @Transactional(propagation = Propagation.NESTED)
        public void callNested(Runnable work) {
            work.run();
        }
    }

    /** Has a lock and no transaction: it runs in whatever is open. */
    static class Locking {
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        void write(String item, String line) {
            Rows.write(line);
        }

        /** Its warnings, told once for each method, are for it alone. */
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        void writeLate(String item, String line) {
            Rows.write(line);
        }

        /** Changes in memory what some transaction around will write. */
        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        void change(String item, Runnable change) {
            change.run();
        }

        @PessimisticLock(key = "item:{item}", waitTime = "1m", maxHold = "500ms")
        void writeAtMost(String item, String line) {
            Rows.write(line);
        }

        @PessimisticLock(key = "item:{item}", waitTime = "0", onBusy = OnBusy.SKIP)
        @Transactional
        public Optional<String> writeOrSkip(String item, String line) {
            Rows.write(line);
            return Optional.of("written");
        }

        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        @Transactional
        public void writeJoining(String item, String line) {
            Rows.write(line);
        }

        @PessimisticLock(key = "item:{item}", waitTime = "1m")
        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void writeInNew(String item, String line) {
            Rows.write(line);
        }
    }
}
