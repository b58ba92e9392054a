package io.floodlock.runtime.lock.scope;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.local.Holding;
import java.time.Duration;

/**
 * Finds the key whose fencing token the code of a call asks for, or says why there is none. {@code Scope} calls it.
 */
final class ScopeTokens {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private ScopeTokens() {}

    /** The fencing token of the only key that the scope holds exclusively. */
    static long only(Scope scope) {
        Holding only = null;
        for (Holding entry : scope.entries()) {
            if (entry.mode() == LockMode.EXCLUSIVE) {
                if (only != null) {
                    throw new IllegalStateException("This call holds several keys exclusively: '" + only.name()
                            + "' and '" + entry.name() + "'. Pass the name of the key whose fencing token you want.");
                }
                only = entry;
            }
        }
        if (only == null) {
            throw new IllegalStateException("This call holds no key exclusively, so there is no fencing token");
        }
        return token(scope, only);
    }

    /** The fencing token under which the scope or one around it holds {@code name} exclusively. */
    static long named(Scope scope, String name) {
        Holding entry = null;
        for (Scope place = scope; place != null && entry == null; place = place.outer()) {
            entry = place.entry(name);
        }
        if (entry == null || entry.mode() != LockMode.EXCLUSIVE) {
            throw new IllegalStateException("The key '" + name
                    + "' is not held exclusively by this call or one around it," + " so there is no fencing token");
        }
        return token(scope, entry);
    }

    private static long token(Scope scope, Holding entry) {
        if (scope.closed()) {
            throw new IllegalStateException("The call that held '" + entry.name() + "' at " + scope.site()
                    + " has ended, so there is no fencing token");
        }
        return entry.token(PATIENCE);
    }
}
