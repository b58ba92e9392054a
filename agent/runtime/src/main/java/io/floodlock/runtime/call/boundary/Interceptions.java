package io.floodlock.runtime.call.boundary;

import java.lang.invoke.MethodHandles;

/**
 * Reads a framework's view of an intercepted call. The agent knows the framework's types by name only. Used by {@link
 * Boundary}; thread-safe.
 */
public interface Interceptions {

    /** Null if the object is not a call of a method. */
    Interception read(Object given) throws Throwable;

    /**
     * The reader for an interceptor's class.
     *
     * @param interceptor the class's own lookup
     * @throws LinkageError if the class's library, or its version, is not known
     */
    static Interceptions of(MethodHandles.Lookup interceptor) {
        return interceptor.lookupClass().getName().startsWith("org.springframework.")
                ? new SpringInterceptions(interceptor)
                : new JakartaInterceptions(interceptor);
    }
}
