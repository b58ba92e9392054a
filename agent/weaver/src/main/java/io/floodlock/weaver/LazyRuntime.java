package io.floodlock.weaver;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import io.floodlock.weaver.decision.OverrideWatch;
import io.floodlock.weaver.decision.WovenReport;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;

/**
 * Creates the runtime when the first class needs weaving, so that a program without such classes pays nothing for it.
 * All calls are passed on to that runtime. Thread-safe.
 */
final class LazyRuntime implements AgentRuntime {

    private final Supplier<AgentRuntime> maker;
    private final WovenReport report = new WovenReport();
    private final Instrumentation instrumentation;
    private volatile AgentRuntime made;

    /** Written before {@link #made}, and so visible to every thread that sees the runtime. */
    private OverrideWatch overrides;

    LazyRuntime(Supplier<AgentRuntime> maker, Instrumentation instrumentation) {
        this.maker = maker;
        this.instrumentation = instrumentation;
    }

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        runtime().check(spec, types);
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        runtime().woven(loader, spec, awaitsInitialization);
        report.woven(spec);
        overrides.woven(loader, spec);
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
                    overrides = new OverrideWatch(instrumentation);
                    made = runtime;
                }
            }
        }
        return runtime;
    }
}
