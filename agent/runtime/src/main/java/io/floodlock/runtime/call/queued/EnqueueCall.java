package io.floodlock.runtime.call.queued;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.support.BodyEntry;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import java.lang.invoke.MethodHandles;

/** A call of a queued method, before its body. */
public final class EnqueueCall {

    private final CallSpec spec;
    private final QueueEngine.Site site;
    private final CallerExceptions exceptions;

    public EnqueueCall(CallSpec spec, MethodHandles.Lookup caller, QueuedMethods queued) {
        this.spec = spec;
        this.site = queued.site(spec, caller);
        this.exceptions = CallerExceptions.of(caller.lookupClass());
    }

    public Object enter(Object self, Object[] arguments) {
        if (BodyEntry.isExpected(spec)) {
            // the consumer has called before, and the locks that were asked for then are held now
            return null;
        }
        try {
            return site.enter(self, arguments);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }
}
