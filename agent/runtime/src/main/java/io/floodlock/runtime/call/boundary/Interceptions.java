package io.floodlock.runtime.call.boundary;

import java.lang.invoke.MethodHandles;

/** Reads what an interceptor is given, which the agent knows by name only. Thread-safe. */
public interface Interceptions {

    /** Null where it is no call of a method. */
    Interception read(Object given) throws Throwable;

    /**
     * Those of an interceptor's class.
     *
     * @throws LinkageError if its library is none that is known
     */
    static Interceptions of(MethodHandles.Lookup interceptor) {
        return interceptor.lookupClass().getName().startsWith("org.springframework.")
                ? new SpringInterceptions(interceptor)
                : new JakartaInterceptions(interceptor);
    }
}
