package io.floodlock.faults.undo;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Set;

/** An agent after Floodlock that gives some classes back as their files have them, by their internal names. */
public final class Undo implements ClassFileTransformer {

    private final Set<String> classes;

    private Undo(Set<String> classes) {
        this.classes = classes;
    }

    public static void premain(String classes, Instrumentation instrumentation) {
        instrumentation.addTransformer(new Undo(Set.of(classes.split(","))), true);
    }

    @Override
    public byte[] transform(
            ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] woven) {
        if (!classes.contains(name)) {
            return null;
        }
        try (InputStream in = loader.getResourceAsStream(name + ".class")) {
            System.out.println("undone " + name);
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
