package io.floodlock.runtime.call.spec;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** What the weaver asks of the runtime. Thread-safe; called while classes load, so none of it may touch Redis. */
public interface AgentRuntime {

    /**
     * Refuses a method that can't be made safe as its annotations ask.
     *
     * @param types what is known of its declared types
     * @throws IllegalArgumentException saying what, where, the value and the remedy; the class must then not load
     */
    void check(CallSpec spec, DeclaredTypes types);

    /**
     * Hears of a method that has been woven, before its class is defined.
     *
     * @param loader the class's defining loader, null for the bootstrap loader; must not be held strongly
     * @param awaitsInitialization whether {@link Operation#INITIALIZED} will tell when stored calls of the method may run
     */
    void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization);

    /**
     * Links one woven call site; the JVM calls it once per site.
     *
     * @param caller the woven class's own lookup, with all its rights
     * @param operation what the site does, one of the names in {@link Operation}
     * @param type the site's type, which the answer must have; only JDK types appear in it
     * @param constants the texts the weaver wrote, {@link CallSpec#toConstants()} for a woven method
     */
    CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants);
}
