package io.floodlock.weaver.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.PessimisticLock;
import io.floodlock.weaver.OfflineWeaver;
import io.floodlock.weaver.explain.WeavingDecision;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Overrides of annotated methods that have no annotation. */
class NearMissesTest {

    interface Placing {
        @PessimisticLock(key = "d")
        default void byDefault() {}
    }

    static class Orders {
        @PessimisticLock(key = "a")
        void place(String order) {}

        @PessimisticLock(key = "b")
        void cancel() {}

        @PessimisticLock(key = "c")
        private void hidden() {}

        @PessimisticLock(key = "c")
        static void shared() {}

        void plain() {}
    }

    static class Between extends Orders {}

    static class Special extends Between implements Placing {
        @Override
        void place(String order) {}

        @Override
        @PessimisticLock(key = "own")
        void cancel() {}

        void hidden() {}

        static void shared() {}

        void place(int another) {}

        @Override
        void plain() {}

        @Override
        public void byDefault() {}
    }

    /** What it overrides is no longer protected, which is said of that one. */
    static class Further extends Special {
        @Override
        void place(String order) {}
    }

    /** As a generator of CDI names its classes. */
    static class Orders_ClientProxy extends Orders {
        @Override
        void place(String order) {
            super.place(order);
        }
    }

    @Test
    void areNamedWithWhatTheyOverride() throws IOException {
        List<ClassFile> classes = new ArrayList<>();
        for (Class<?> type : List.of(
                Special.class, Further.class, Orders_ClientProxy.class, Placing.class, Between.class, Orders.class)) {
            classes.add(file(type));
        }
        List<WeavingDecision> decisions = new ArrayList<>();
        OfflineWeaver weaver = OfflineWeaver.withoutRules(decisions::add);
        classes.forEach(each -> weaver.decide(getClass().getClassLoader(), each.name(), each.bytes()));
        String here = NearMissesTest.class.getName() + "$";
        assertEquals(
                List.of(
                        here + "Special.byDefault() overrides the method of " + here
                                + "Placing, which has @PessimisticLock",
                        here + "Special.place(String) overrides the method of " + here
                                + "Orders, which has @PessimisticLock"),
                NearMisses.in(classes, decisions).stream().sorted().toList());
        assertEquals(List.of(), NearMisses.in(classes, List.of()));
    }

    private static ClassFile file(Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/');
        try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('/') + 1) + ".class")) {
            return new ClassFile(".", name, in.readAllBytes(), "");
        }
    }
}
