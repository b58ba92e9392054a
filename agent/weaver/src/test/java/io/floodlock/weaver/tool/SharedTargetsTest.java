package io.floodlock.weaver.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.Queued;
import io.floodlock.weaver.OfflineWeaver;
import io.floodlock.weaver.explain.WeavingDecision;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queued methods that objects of several classes share. */
class SharedTargetsTest {

    abstract static class Mail {
        @Queued
        void send(String what) {}

        @Queued(name = "mine")
        void own() {}

        @Queued
        static void count() {}

        void plain() {}
    }

    static class Fast extends Mail {
        @Override
        @Queued(name = "fast")
        void own() {}
    }

    static class Slow extends Mail {}

    /** A generator's, which is no class of its own. */
    static class Slow_ClientProxy extends Slow {}

    static class Alone {
        @Queued
        void send() {}
    }

    @Test
    void areNamedWithTheClassesOfTheirObjects() throws IOException {
        String here = SharedTargetsTest.class.getName() + "$";

        assertEquals(
                List.of(here + "Mail.send(String) runs on objects of " + here + "Fast, " + here + "Slow"),
                lines(Mail.class, Fast.class, Slow.class, Slow_ClientProxy.class, Alone.class));
    }

    /** A control: the objects of one class are told apart by nobody, but there may be only one. */
    @Test
    void aSingleClassIsNotNamed() throws IOException {
        assertEquals(List.of(), lines(Mail.class, Fast.class, Alone.class));
    }

    private List<String> lines(Class<?>... types) throws IOException {
        List<ClassFile> classes = new ArrayList<>();
        for (Class<?> type : types) {
            String name = type.getName().replace('.', '/');
            try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('/') + 1) + ".class")) {
                classes.add(new ClassFile(".", name, in.readAllBytes(), ""));
            }
        }
        List<WeavingDecision> decisions = new ArrayList<>();
        OfflineWeaver weaver = OfflineWeaver.withoutRules(decisions::add);
        classes.forEach(each -> weaver.decide(getClass().getClassLoader(), each.name(), each.bytes()));
        return SharedTargets.in(classes, decisions);
    }
}
