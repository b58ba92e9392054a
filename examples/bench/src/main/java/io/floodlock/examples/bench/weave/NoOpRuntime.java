package io.floodlock.examples.bench.weave;

import io.floodlock.runtime.call.AgentRuntime;
import io.floodlock.runtime.call.CallSpec;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** Linked as the real runtime is, by handles bound to an object per call site; does nothing. */
final class NoOpRuntime implements AgentRuntime {

    @Override
    public void check(CallSpec spec) {
        // all can be woven
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        // nothing to remember
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        try {
            MethodHandle handle = MethodHandles.lookup().bind(new NoOpRuntime(), operation, type);
            return new ConstantCallSite(handle);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(operation, e);
        }
    }

    Object enter(Object self, Object[] arguments) {
        return null;
    }

    void exit(Object permit, Throwable thrown) {
        // nothing to end
    }
}
