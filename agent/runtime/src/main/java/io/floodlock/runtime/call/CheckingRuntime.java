package io.floodlock.runtime.call;

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
