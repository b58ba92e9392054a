package io.floodlock.weaver.load;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;

/**
 * Tests whether a loaded class has been initialized. Only an internal API of the JDK can answer this without
 * initializing the class.
 */
public final class Initialization {

    private static final String UNSAFE = "jdk.internal.misc.Unsafe";

    private Initialization() {}

    /**
     * Whether the class has been initialized. If that is unknown the answer is true, so that no caller waits for an
     * initializer that has already run.
     */
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
