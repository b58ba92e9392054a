package java.lang;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;

/**
 * The one class that woven code of every loader and every module can name, because it is defined in the package of
 * {@code Object}. It knows where to ask and nothing else. Compiled apart, into {@code java.base}.
 */
public final class FloodlockDispatcher {

    /** Set once, by reflection, before the first class is woven; takes the arguments of {@link #link} as an array. */
    private static volatile Function<Object[], Object> linker;

    /** Likewise; takes the calling class before the arguments of {@link #hook}. */
    private static volatile Function<Object[], Object> hooks;

    private FloodlockDispatcher() {}

    /** The bootstrap method of every woven call site. */
    public static CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        return (CallSite) linker.apply(new Object[] {caller, operation, type, constants});
    }

    /** What a class file calls that is too old for call sites. */
    public static Object hook(Object instance, Object argument, String operation) {
        Class<?> caller = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .getCallerClass();
        return hooks.apply(new Object[] {caller, instance, argument, operation});
    }
}
