package io.floodlock.runtime.queue.context;

import java.util.Map;

/** A part of the calling thread's context that travels with a call as texts. Thread-safe. */
interface Carrier {

    /** The name under which the texts are stored. */
    String name();

    /** The context of this thread; empty or null if there is none. */
    Map<String, String> capture();

    /**
     * Establishes the context on this thread.
     *
     * @param captured not empty
     * @return restores what was there before
     */
    Runnable restore(Map<String, String> captured);
}
