package io.floodlock.runtime.call.around;

import io.floodlock.runtime.queue.QueueEngine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

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
            try {
                Object permit = call.enter(self, arguments, site.work());
                if (permit == WovenCall.REPLAYED) {
                    permit = site.replayed();
                }
                if (permit instanceof Object[]) {
                    site.left(null);
                }
                return permit;
            } catch (Throwable e) {
                site.left(e);
                throw ScopeExit.<RuntimeException>unchecked(e);
            }
        }
    }

    /** As {@link ScopeExit}. */
    public record Exit(ScopeExit scope, QueueEngine.Site site) {

        public void exit(Object permit, Throwable thrown) {
            try {
                site.ending(null, thrown);
                scope.exit(permit, thrown);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            site.left(thrown);
        }

        /** A future that has failed stands for a body that has thrown, if the body has a transaction. */
        public Object leave(Object permit, Object value) {
            Throwable thrown = permit instanceof CallScope ? failureOf(value) : null;
            if (thrown != null) {
                exit(permit, thrown);
                return value;
            }
            Object left;
            try {
                site.ending(value, null);
                left = scope.leave(permit, value);
            } catch (Throwable e) {
                site.left(e);
                throw e;
            }
            site.left(null);
            return left;
        }

        private static Throwable failureOf(Object value) {
            if (!(value instanceof CompletableFuture<?> future) || !future.isCompletedExceptionally()) {
                return null;
            }
            Throwable failure = future.handle((ended, thrown) -> thrown).join();
            return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
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
