package io.floodlock.weaver.decision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.floodlock.PessimisticLock;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of classes that have been loaded below woven ones. */
class UnprotectedOverridesTest {

    static class Orders {
        @PessimisticLock(key = "a")
        public void place(String order) {}
    }

    static class Special extends Orders {
        @Override
        public void place(String order) {}
    }

    /** As generators name their classes. */
    static class Special$$Generated extends Orders {
        @Override
        public void place(String order) {}
    }

    static class Calling extends Orders {
        @Override
        public void place(String order) {
            super.place(order.trim());
        }
    }

    private final UnprotectedOverrides overrides = new UnprotectedOverrides();

    @Test
    void isSaidOnce() {
        weave(Orders.class);
        String here = getClass().getName() + "$";
        assertEquals(
                List.of(here + "Special.place(String) overrides the method of " + here
                        + "Orders, which has @PessimisticLock, but is itself UNPROTECTED: Java does not inherit"
                        + " annotations of methods. Annotate it too, or name it in a rules file."),
                look(Special.class, Orders.class));
        assertEquals(List.of(), look(Special.class, Orders.class));
    }

    @Test
    void nothingIsSaidWhereTheOverrideIsWovenOrCallsWhatIs() {
        weave(Orders.class);
        weave(Special.class);
        assertEquals(List.of(), look(Special.class, Orders.class, Calling.class, Special$$Generated.class));
    }

    @Test
    void nothingIsSaidBelowAClassOfThatNameOfAnotherLoader() throws ReflectiveOperationException {
        weave(Orders.class);
        assertEquals(List.of(), look(copies()));
    }

    @Test
    void keepsNoLoader() throws ReflectiveOperationException {
        Class<?>[] copies = copies();
        WeakReference<ClassLoader> loader = new WeakReference<>(copies[0].getClassLoader());
        weave(copies[0]);
        assertEquals(1, look(copies).size());
        copies = null;
        for (int i = 0; i < 50 && loader.get() != null; i++) {
            System.gc();
        }
        assertNull(loader.get());
    }

    private List<String> look(Class<?>... loaded) {
        return overrides.among(loaded);
    }

    private void weave(Class<?> type) {
        Rule rule = Rule.annotation(Kind.PESSIMISTIC_LOCK, Map.of("key", List.of("a")));
        overrides.woven(
                type.getClassLoader(),
                new CallSpec(type.getName(), "place", "(Ljava/lang/String;)V", false, List.of("order"), List.of(rule)));
    }

    private static Class<?>[] copies() throws ReflectiveOperationException {
        ClassLoader copies = new Copies();
        return new Class<?>[] {copies.loadClass(Orders.class.getName()), copies.loadClass(Special.class.getName())};
    }

    /** Defines the two classes again. */
    private static final class Copies extends ClassLoader {

        Copies() {
            super(UnprotectedOverridesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Orders.class.getName()) && !name.equals(Special.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] file = in.readAllBytes();
                return defineClass(name, file, 0, file.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
