package io.floodlock.weaver;

import io.floodlock.runtime.call.AgentRuntime;
import io.floodlock.runtime.call.CallSpec;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Until the engines are wired: weaves, and protects nothing. */
final class Unwired implements AgentRuntime {

    @Override
    public void check(CallSpec spec) {
        // accepts all
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec) {
        // keeps nothing
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        return new ConstantCallSite(
                operation.equals("connection")
                        ? MethodHandles.dropArguments(
                                MethodHandles.identity(type.returnType()), 0, type.parameterType(0))
                        : MethodHandles.empty(type));
    }
}
