package io.floodlock.runtime.call.queued;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.support.BodyEntry;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import java.lang.invoke.MethodHandles;

/**
 * The target of the call site at the entry of a queued method: stores the call, unless the agent calls to run the body.
 * Thread-safe.
 */
public final class EnqueueCall {

    private final CallSpec spec;
    private final QueueEngine.Site site;
    private final CallerExceptions exceptions;

    public EnqueueCall(CallSpec spec, MethodHandles.Lookup caller, QueuedMethods queued) {
        this.spec = spec;
        this.site = queued.site(spec, caller);
        this.exceptions = CallerExceptions.of(caller.lookupClass());
    }

    /** Null if the body must run, else an array with the value to return. */
    public Object enter(Object self, Object[] arguments) {
        if (BodyEntry.isExpected(spec)) {
            // the agent calls the method once more, now with its locks held; the consumer's call came first
            return null;
        }
        try {
            return site.enter(self, arguments);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }
}
