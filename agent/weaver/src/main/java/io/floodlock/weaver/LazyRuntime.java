package io.floodlock.weaver;

import io.floodlock.runtime.call.AgentRuntime;
import io.floodlock.runtime.call.CallSpec;
import io.floodlock.runtime.call.DeclaredTypes;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;

/** A runtime that is made when the first class to be woven asks: a program without such classes pays nothing for it. */
final class LazyRuntime implements AgentRuntime {

    private final Supplier<AgentRuntime> maker;
    private final WovenReport report = new WovenReport();
    private volatile AgentRuntime made;

    LazyRuntime(Supplier<AgentRuntime> maker) {
        this.maker = maker;
    }

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        runtime().check(spec, types);
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        runtime().woven(loader, spec, awaitsInitialization);
        report.woven(spec);
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        return runtime().link(caller, operation, type, constants);
    }

    private AgentRuntime runtime() {
        AgentRuntime runtime = made;
        if (runtime == null) {
            synchronized (this) {
                runtime = made;
                if (runtime == null) {
                    runtime = maker.get();
                    made = runtime;
                }
            }
        }
        return runtime;
    }
}
