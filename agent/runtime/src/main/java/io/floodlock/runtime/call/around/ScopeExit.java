package io.floodlock.runtime.call.around;

import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the scope that {@link WovenCall#enter} or {@link FacadeLocks#enter} has begun: its transaction, if it has one,
 * then its locks. A failure of these steps reaches the caller; if the body has thrown, the failure is added to its
 * exception as suppressed. A stage that the body returned may keep the locks; see {@link #leave}. Thread-safe.
 */
public final class ScopeExit {

    private static final Logger LOG = LoggerFactory.getLogger(ScopeExit.class);

    private final Engines engines;
    private final CallerExceptions exceptions;
    private final String site;

    /** @param site the method's name in messages */
    public ScopeExit(Engines engines, Class<?> caller, String site) {
        this.engines = engines;
        this.exceptions = CallerExceptions.of(caller);
        this.site = site;
    }

    /**
     * Ends the permit's transaction and locks. If the body has thrown, a failure here is added to its exception as
     * suppressed; else it is thrown.
     */
    public void exit(Object permit, Throwable thrown) {
        Throwable failure = CallScope.end(permit, thrown);
        if (failure == null) {
            return;
        }
        if (failure instanceof FloodlockFailure ours) {
            failure = exceptions.translate(ours);
        }
        if (thrown == null) {
            throw ScopeExit.<RuntimeException>unchecked(failure);
        }
        if (thrown != failure) {
            thrown.addSuppressed(failure);
        }
    }

    /**
     * Exits with a value whose declared type does not show whether it stands for unfinished work. If the value is a
     * stage and there is no transaction, the keys stay held until the stage has completed. If there is one, or the end
     * of the work can't be observed, the call fails, so that the first run of the method already shows that its result
     * type must be declared.
     */
    public Object leave(Object permit, Object value) {
        UnfinishedResult late = UnfinishedResult.of(value);
        if (late == UnfinishedResult.STAGE && permit instanceof LockScope locks) {
            engines.locks().acquireAgain(locks, new UntilComplete((CompletionStage<?>) value));
        } else if (late != UnfinishedResult.NONE) {
            RuntimeException failure = exceptions.translate(unobservable(permit instanceof LockScope, value));
            exit(permit, failure);
            throw failure;
        }
        exit(permit, null);
        return value;
    }

    private FloodlockFailure unobservable(boolean onlyLocks, Object value) {
        Failure kind = onlyLocks ? Failure.LOCK_LOST : Failure.ILLEGAL_TRANSACTION;
        return kind.because(site + " returned a " + value.getClass().getName()
                + (onlyLocks
                        ? ", whose work would go on after the lock is free. Declare the type that it returns, a"
                                + " CompletionStage or a type of Reactor or RxJava 3 for example, rather than a"
                                + " supertype of it."
                        : ", whose work would go on after the transaction. Let the method return when its work"
                                + " is done; a queued method returns a future that is complete by then."));
    }

    /**
     * Holds the keys until a stage has completed. The caller already has the stage, so a lost lock can only be logged.
     */
    private final class UntilComplete implements LockEngine.Listener {

        private final CompletionStage<?> stage;

        UntilComplete(CompletionStage<?> stage) {
            this.stage = stage;
        }

        @Override
        public void acquired(LockScope scope) {
            stage.whenComplete((value, thrown) -> {
                try {
                    scope.verify();
                } catch (FloodlockFailure lost) {
                    LOG.warn("The stage that {} returned completed after a lock was lost: {}", site, lost.getMessage());
                }
                try {
                    scope.close();
                } catch (FloodlockFailure lost) {
                    LOG.error("The stage that {} returned has completed in a transaction: {}", site, lost.getMessage());
                }
            });
        }

        @Override
        public void failed(FloodlockFailure failure) {
            // the scope is lost; the call's own exit detects and reports it
        }

        @Override
        public void expired() {
            // the engine has logged a warning; the stage may continue
        }
    }

    @SuppressWarnings("unchecked")
    static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
