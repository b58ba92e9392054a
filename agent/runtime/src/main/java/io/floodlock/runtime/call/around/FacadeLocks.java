package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.key.GivenKeys;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.lock.LockTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Acquires and gives back the locks of {@code io.floodlock.Floodlock}, whose keys and limits are given with each call.
 * It also builds the keys of {@code Floodlock.key}. {@link Facade} answers the queries of the same class. Thread-safe.
 */
public final class FacadeLocks {

    /**
     * The site of a body, named by the class in which its lambda stands. The method is not known without a walk of the
     * stack.
     */
    private static final ClassValue<String> SITE = new ClassValue<>() {
        @Override
        protected String computeValue(Class<?> body) {
            String name = body.getName();
            int lambda = name.indexOf("$$Lambda");
            return (lambda < 0 ? name : name.substring(0, lambda)).concat(" (Floodlock.locked)");
        }
    };

    private final Engines engines;
    private final Class<?> caller;
    private final CallerExceptions exceptions;

    /** @param caller the facade's class */
    public FacadeLocks(Engines engines, Class<?> caller) {
        this.engines = engines;
        this.caller = caller;
        this.exceptions = CallerExceptions.of(caller);
    }

    private record Permit(LockScope held, ScopeExit exit) {}

    public String key(String template, Object[] values) {
        try {
            return GivenKeys.of(template, values);
        } catch (FloodlockFailure e) {
            throw exceptions.translate(e);
        }
    }

    /** A permit; null if a key isn't free within the wait time and {@code skips} is true. */
    public Object enter(
            String[] exclusive,
            String[] shared,
            Duration waitTime,
            Duration maxHold,
            Duration minHold,
            boolean fenced,
            boolean skips,
            Object body) {
        String site = SITE.get(body.getClass());
        try {
            LockTerms terms = new LockTerms(waitTime, maxHold, minHold, site, fenced);
            LockScope held = engines.locks().acquire(requests(exclusive, shared, site), terms);
            return new Permit(held, new ScopeExit(engines, caller, site));
        } catch (FloodlockFailure e) {
            if (skips && e.kind() == Failure.LOCK_TIMEOUT) {
                return null;
            }
            throw exceptions.translate(e);
        }
    }

    private static List<LockRequest> requests(String[] exclusive, String[] shared, String site) {
        List<LockRequest> requests = new ArrayList<>(exclusive.length + shared.length);
        add(requests, exclusive, LockMode.EXCLUSIVE, site);
        add(requests, shared, LockMode.SHARED, site);
        if (requests.isEmpty()) {
            throw Failure.INVALID_KEY.because(
                    "No key is given at " + site + ", so nothing would be locked; give at least one key");
        }
        return requests;
    }

    private static void add(List<LockRequest> requests, String[] keys, LockMode mode, String site) {
        for (String key : keys) {
            GivenKeys.check(key, site);
            requests.add(new LockRequest(key, mode, GivenKeys.form(key)));
        }
    }

    public void exit(Object permit, Throwable thrown) {
        Permit given = (Permit) permit;
        given.exit.exit(given.held, thrown);
    }

    public Object leave(Object permit, Object value) {
        Permit given = (Permit) permit;
        return given.exit.leave(given.held, value);
    }
}
