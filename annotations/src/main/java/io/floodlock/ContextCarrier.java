package io.floodlock;

import java.util.Map;

/**
 * Lets a part of the calling thread's context travel with a {@link Queued} call: a tenant, a user, a locale. The
 * agent carries SLF4J's MDC and OpenTelemetry's span by itself; thread-locals and security contexts travel only by a
 * carrier of the application's.
 *
 * <p>Carriers are found with {@link java.util.ServiceLoader} by the class loader of the queued method's class: name the
 * class in {@code META-INF/services/io.floodlock.ContextCarrier}. Each queued method has instances of its own, which
 * must be thread-safe. A carrier that throws is left out of that call, and the log says so once.
 *
 * <p>The texts are stored in Redis with the call, so they must hold no secret. All carriers of a call have 8 KiB
 * together; a call whose context is larger travels without it, and the log says so once. A batch runs calls of several
 * callers, so it runs without their contexts.
 */
public interface ContextCarrier {

    /** The name under which the texts are stored; unique among the carriers, and the same in all JVMs. */
    String name();

    /**
     * The context of the calling thread. Called for each call of a queued method, on the thread that makes it.
     *
     * @return empty if there is none; without null
     */
    Map<String, String> capture();

    /**
     * Establishes the context on the thread that is about to run the body.
     *
     * @param captured what {@link #capture} returned in the JVM that made the call; not empty
     * @return called on the same thread when the body has returned; restores what was there before
     */
    Runnable restore(Map<String, String> captured);
}
