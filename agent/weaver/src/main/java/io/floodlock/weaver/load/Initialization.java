package io.floodlock.weaver.load;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;

/** Tells whether a loaded class has been initialized, which only the JDK's inside knows without initializing it. */
public final class Initialization {

    private static final String UNSAFE = "jdk.internal.misc.Unsafe";

    private Initialization() {}

    /** True too where it can't be told: then nobody waits for an initializer that has run. */
    public static boolean hasRun(Instrumentation instrumentation, Class<?> type) {
        try {
            Class<?> unsafe = Class.forName(UNSAFE, false, null);
            ModuleOpener.open(instrumentation, unsafe);
            Method pending = unsafe.getMethod("shouldBeInitialized", Class.class);
            return !(Boolean) pending.invoke(unsafe.getMethod("getUnsafe").invoke(null), type);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError unknown) {
            return true;
        }
    }
}
