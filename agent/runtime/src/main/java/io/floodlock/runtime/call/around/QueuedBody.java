package io.floodlock.runtime.call.around;

import io.floodlock.runtime.queue.QueueEngine;

/**
 * The operations around the body of a method that is queued: each does what it does for other methods, and reports the
 * end of the body to the method's site. So a call of the method that an interceptor repeats is told from one that the
 * body makes. Stateless.
 */
public final class QueuedBody {

    private QueuedBody() {}

    /** As {@link WovenCall#enter}; where it lets no body run, the body has ended. */
    public record Enter(WovenCall call, QueueEngine.Site site) {

        public Object enter(Object self, Object[] arguments) {
            Object permit;
            try {
                permit = call.enter(self, arguments);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            if (permit instanceof Object[]) {
                site.left(null);
            }
            return permit;
        }
    }

    /** As {@link ScopeExit}. */
    public record Exit(ScopeExit scope, QueueEngine.Site site) {

        public void exit(Object permit, Throwable thrown) {
            try {
                scope.exit(permit, thrown);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            site.left(thrown);
        }

        public Object leave(Object permit, Object value) {
            Object left;
            try {
                left = scope.leave(permit, value);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            site.left(null);
            return left;
        }
    }

    /** As {@link AsyncCall}. The result stands for the end of the work, so the body has ended when it is there. */
    public record Around(AsyncCall call, QueueEngine.Site site) {

        public Object enter(Object self, Object[] arguments) {
            Object result;
            try {
                result = call.enter(self, arguments);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            if (result != null) {
                site.left(null);
            }
            return result;
        }
    }
}
