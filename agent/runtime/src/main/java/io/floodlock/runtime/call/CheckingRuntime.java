package io.floodlock.runtime.call;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Checks methods as {@link WovenRuntime} does, for class files that are never loaded. It records no method, and it
 * refuses to link a call site. The command {@code explain} uses it. Thread-safe.
 */
final class CheckingRuntime implements AgentRuntime {

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        CallPlan.of(spec, types);
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        // the method is never called in this JVM
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        throw new UnsupportedOperationException(operation);
    }
}
