package io.floodlock.runtime.call.spec;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * The runtime as the weaver sees it: it checks the rules of a method, records each woven method, and links woven call
 * sites. Implementations are thread-safe. The weaver calls them while classes load, so no method may use Redis.
 */
public interface AgentRuntime {

    /**
     * Refuses a method that can't be given the protection that its annotations and rules ask for.
     *
     * @param types what is known of the method's declared types
     * @throws IllegalArgumentException if the method is refused; the message names the place, the problem, the value
     *     and the remedy. The class must then not load
     */
    void check(CallSpec spec, DeclaredTypes types);

    /**
     * Records a method that has been woven. The weaver calls this before it defines the method's class.
     *
     * @param loader the class's defining loader, null for the bootstrap loader; the implementation must not hold it
     *     strongly
     * @param awaitsInitialization whether {@link Operation#INITIALIZED} will be called once stored calls of the method
     *     may run
     */
    void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization);

    /**
     * Links one woven call site. The JVM calls it once per site.
     *
     * @param caller the woven class's own lookup, with all its rights
     * @param operation the operation of the site, one of the names in {@link Operation}
     * @param type the type of the site; the returned call site must have it. Only JDK types appear in it
     * @param constants the texts that the weaver wrote; {@link CallSpec#toConstants()} for a woven method
     */
    CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants);
}
