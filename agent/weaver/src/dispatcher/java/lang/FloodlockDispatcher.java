package java.lang;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;

/**
 * The one class that woven code in every class loader and every module can name, because it is defined in
 * {@code java.lang}, the package of {@code Object}. It only forwards: each call goes to a function that the agent has
 * set. Compiled separately, as part of {@code java.base}; {@code io.floodlock.weaver.load.Dispatcher} defines it and
 * sets both functions.
 */
public final class FloodlockDispatcher {

    /**
     * Set once, by reflection, before the first class is woven. It receives the arguments of {@link #link} as an
     * array.
     */
    private static volatile Function<Object[], Object> linker;

    /** Set once, like {@link #linker}. It receives the calling class, followed by the arguments of {@link #hook}. */
    private static volatile Function<Object[], Object> hooks;

    private FloodlockDispatcher() {}

    /** The bootstrap method of every woven call site. */
    public static CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        return (CallSite) linker.apply(new Object[] {caller, operation, type, constants});
    }

    /** Called by woven code in class files whose version is too old for {@code invokedynamic} call sites. */
    public static Object hook(Object instance, Object argument, String operation) {
        Class<?> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass();
        return hooks.apply(new Object[] {caller, instance, argument, operation});
    }
}
