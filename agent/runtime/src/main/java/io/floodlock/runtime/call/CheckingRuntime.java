package io.floodlock.runtime.call;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Checks as every runtime does, for classes that nobody loads; so nothing is ever linked. */
final class CheckingRuntime implements AgentRuntime {

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        CallPlan.of(spec, types);
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        // nobody will call it
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        throw new UnsupportedOperationException(operation);
    }
}
