package io.floodlock.launcher.recording;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.function.Function;

/** Prints what woven code asks for, and lets everything happen. */
final class RecordingRuntime implements AgentRuntime {

    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    RecordingRuntime(Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.lookups = lookups;
    }

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        if (spec.method().startsWith("uncheckable")) {
            throw new IllegalArgumentException(spec.displayName() + " is refused by the runtime. Don't call it so.");
        }
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        if (Boolean.getBoolean("recording.woven")) {
            System.out.println("  woven " + spec.method() + (awaitsInitialization ? " awaits" : ""));
        }
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        String site = operation;
        if (constants.length > 0) {
            CallSpec spec = CallSpec.fromConstants(
                    Arrays.stream(constants).map(String.class::cast).toList());
            site = operation + " " + spec.method() + spec.parameterNames();
        }
        try {
            // private access to the application's class, in a named module too, as the queue will want
            lookups.apply(caller.lookupClass()).findStatic(caller.lookupClass(), "main", main());
        } catch (NoSuchMethodException none) {
            // most classes have no main
        } catch (IllegalAccessException e) {
            throw new LinkageError("no private access to " + caller.lookupClass(), e);
        }
        try {
            MethodHandle record = MethodHandles.lookup()
                    .findStatic(
                            RecordingRuntime.class,
                            "record",
                            MethodType.methodType(Object.class, String.class, Object[].class));
            return new ConstantCallSite(record.bindTo(site)
                    .asCollector(Object[].class, type.parameterCount())
                    .asType(type));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(operation, e);
        }
    }

    private static MethodType main() {
        return MethodType.methodType(void.class, String[].class);
    }

    static Object record(String site, Object[] arguments) {
        System.out.println("  " + site);
        return switch (site) {
            case "connection" -> arguments[1];
            case "fencingToken", "fencingTokenOf" -> 7L;
            case "transactionId" -> "tx";
            default -> null;
        };
    }
}
