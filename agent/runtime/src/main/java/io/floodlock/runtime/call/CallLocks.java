package io.floodlock.runtime.call;

import io.floodlock.runtime.key.Key;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import io.floodlock.runtime.lock.Mode;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The locks of one method: its keys bound to its parameters. Thread-safe. */
final class CallLocks {

    private final Engines engines;
    private final LockTerms terms;
    private final Key[] keys;
    private final Mode[] modes;

    /** Where there is one key. */
    private final RecentRequests recent;

    CallLocks(CallPlan plan, MethodHandles.Lookup caller, Method method, Engines engines) {
        this.engines = engines;
        this.terms = plan.locks().terms(plan.spec().displayName());
        this.keys = plan.locks().keys().stream()
                .map(wanted -> wanted.key().bind(caller, method, plan.spec().parameterNames()))
                .toArray(Key[]::new);
        this.modes = plan.locks().keys().stream().map(LockPlan.Wanted::mode).toArray(Mode[]::new);
        this.recent = keys.length == 1 ? new RecentRequests(modes[0], keys[0].form()) : null;
    }

    boolean none() {
        return keys.length == 0;
    }

    /** The scope that this thread is in, or null. */
    LockScope current() {
        LockEngine started = engines.locksIfStarted();
        return started == null ? null : started.current();
    }

    LockScope acquire(List<LockRequest> requests) {
        return engines.locks().acquire(requests, terms);
    }

    LockEngine.Pending acquireAsync(Object self, Object[] arguments, LockEngine.Listener listener) {
        return engines.locks().acquireAsync(requests(self, arguments), terms, listener);
    }

    /** What the call wants; builds the keys. */
    List<LockRequest> requests(Object self, Object[] arguments) {
        if (keys.length == 1) {
            return recent.of(keys[0].of(self, arguments));
        }
        List<LockRequest> requests = new ArrayList<>(keys.length);
        for (int i = 0; i < keys.length; i++) {
            requests.add(request(i, self, arguments));
        }
        return requests;
    }

    private LockRequest request(int index, Object self, Object[] arguments) {
        Key key = keys[index];
        return new LockRequest(key.of(self, arguments), modes[index], key.form());
    }

    @Override
    public String toString() {
        return Arrays.toString(keys);
    }
}
