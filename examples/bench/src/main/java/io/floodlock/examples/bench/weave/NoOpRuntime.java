package io.floodlock.examples.bench.weave;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A runtime that is linked like the real one, by handles bound to one object per call site. It only counts woven
 * methods.
 */
final class NoOpRuntime implements AgentRuntime {

    private final AtomicInteger checked = new AtomicInteger();

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        // all can be woven
        checked.incrementAndGet();
    }

    /** The number of methods that the weaver has found to be woven. */
    int checked() {
        return checked.get();
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
