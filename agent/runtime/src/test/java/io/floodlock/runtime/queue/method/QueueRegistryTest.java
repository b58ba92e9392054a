package io.floodlock.runtime.queue.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueuedMethod;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.ref.Reference;
import java.lang.reflect.Constructor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which method a stored call's name stands for, where there are several. */
class QueueRegistryTest {

    private final TargetResolver instances = new TargetResolver();
    private final QueueRegistry queue = new QueueRegistry(
            "q",
            false,
            () -> {
                throw new IllegalStateException("nothing is stored here");
            },
            () -> null,
            workers -> Runnable::run);

    /** Defined again by each {@link Loader}. */
    static class Loaded {
        void work() {}
    }

    static class Base {
        void work() {}
    }

    static class Sub extends Base {
        @Override
        void work() {}
    }

    static class Unrelated {
        void work() {}
    }

    /** As the loader of a web application that is deployed again. */
    private static final class Loader extends ClassLoader {

        Loader() {
            super(QueueRegistryTest.class.getClassLoader());
        }

        Class<?> load() throws IOException {
            String name = Loaded.class.getName();
            try (InputStream in = QueueRegistryTest.class.getResourceAsStream("QueueRegistryTest$Loaded.class")) {
                byte[] file = in.readAllBytes();
                return defineClass(name, file, 0, file.length);
            }
        }
    }

    @Test
    void ofTwoLoadersTheOneWithAnInstanceRunsTheCall() throws Exception {
        Class<?> first = new Loader().load();
        Class<?> second = new Loader().load();
        QueueSite older = register(first);
        Object instance = instance(first);
        QueueSite newer = register(second);

        assertNotSame(older, newer);
        assertSame(older, queue.site("work", instances));
        assertSame(instance, older.target(instances).instance());

        Object later = instance(second);

        assertSame(newer, queue.site("work", instances));
        assertSame(later, newer.target(instances).instance());
        assertEquals(2, queue.sites().size());
        Reference.reachabilityFence(instance);
    }

    @Test
    void withoutAnyInstanceTheNewestSaysWhy() throws Exception {
        QueueSite older = register(new Loader().load());
        QueueSite newer = register(new Loader().load());

        assertSame(newer, queue.site("work", instances));
        Reference.reachabilityFence(older);
    }

    @Test
    void anotherMethodOfTheSameNameIsRefused() throws Exception {
        QueueSite known = register(Base.class);

        FloodlockFailure unrelated = assertThrows(FloodlockFailure.class, () -> register(Unrelated.class));
        FloodlockFailure override = assertThrows(FloodlockFailure.class, () -> register(Sub.class));
        FloodlockFailure elsewhere = assertThrows(FloodlockFailure.class, () -> register(new Loader().load()));

        assertTrue(unrelated.getMessage().contains("Name one of them in its annotation."), unrelated.getMessage());
        assertTrue(override.getMessage().contains("One overrides the other"), override.getMessage());
        assertTrue(elsewhere.getMessage().contains(Loaded.class.getName() + ".work"), elsewhere.getMessage());
        assertSame(known, queue.site("work", instances));
    }

    /** A call on an object that has a queued override is stored as the override's, so the other object is meant. */
    @Test
    void anObjectWithAQueuedOverrideIsNoCandidateForTheOverriddenMethod() throws Exception {
        QueueSite base = register(Base.class);
        Base first = new Base();
        Sub second = new Sub();
        instances.constructed(first);
        instances.constructed(second);
        assertThrows(TargetMissingException.class, () -> base.target(instances));

        instances.queued(Sub.class.getDeclaredMethod("work"));

        assertSame(first, base.target(instances).instance());
        Reference.reachabilityFence(second);
    }

    private Object instance(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        Object instance = constructor.newInstance();
        instances.constructed(instance);
        return instance;
    }

    private QueueSite register(Class<?> owner) throws ReflectiveOperationException {
        return queue.register(new QueuedMethod(
                "q",
                "work",
                owner.getDeclaredMethod("work"),
                MethodHandles.privateLookupIn(owner, MethodHandles.lookup()),
                null,
                10,
                false,
                false,
                0,
                null,
                Duration.ZERO,
                Duration.ofSeconds(1),
                5,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                List.of(),
                null,
                1,
                null,
                null,
                failure -> failure));
    }
}
