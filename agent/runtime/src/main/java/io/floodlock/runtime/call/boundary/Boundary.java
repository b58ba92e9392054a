package io.floodlock.runtime.call.boundary;

import io.floodlock.runtime.call.lock.BoundaryKeys;
import io.floodlock.runtime.call.lock.LockedMethod;
import io.floodlock.runtime.call.lock.LockedMethods;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.thread.ExpectedCalls;
import java.util.List;

/**
 * Around an interceptor that runs methods in transactions.
 *
 * <p>What is woven into a method is inside the transaction that its {@code @Transactional} asks for: begin, lock, body, unlock,
 * commit. The next holder would begin before this commit, and with an isolation that reads as of its first statement this one
 * would read what was there before the lock. So where the interceptor's method has locks, they are taken here:
 *
 * <pre>
 *   enter        the keys are built, and taken       nothing is begun yet; what fails here reaches the caller, and a
 *                                                  call that is to be skipped is, transaction and all
 *   interceptor    begin, or join
 *     method         the same keys, not built again: re-entered
 *     method ends    if the transaction goes on beyond this interceptor, the keys become its own (TransactionHold)
 *   interceptor    commit or roll back, if it began
 *   exit         verify, give back
 * </pre>
 *
 * What is given back here needs no transaction to end first: the method's own scope has told those that were open around it.
 * So a method that runs in a new transaction inside another one does not keep its locks for that other.
 *
 * <p>Nothing is taken here, and the method's own scope alone protects, inside the transaction and until it ends, where the
 * method's instance is not known yet and a key needs it. Methods whose work goes on after they have returned are refused: their
 * transaction ends as they return, or with a subscription that this thread does not see. Thread-safe.
 */
public final class Boundary {

    /** How every boundary ends. */
    public static final End END = new End();

    private final Interceptions calls;
    private final LockedMethods locked;

    public Boundary(Interceptions calls, LockedMethods locked) {
        this.calls = calls;
        this.locked = locked;
    }

    /** A permit, or null where there is nothing to end; an array with the result of a call that is skipped. */
    public Object enter(Object interceptor, Object[] given) throws Throwable {
        if (locked.isEmpty()) {
            return null;
        }
        Interception call = calls.read(given[0]);
        LockedMethod method = call == null ? null : locked.find(call.method());
        if (method == null || method.isStoredByCaller() || method.needsInstance() && call.self() == null) {
            return null;
        }
        try {
            return begin(method, call);
        } catch (FloodlockFailure e) {
            throw method.exceptions().translate(e);
        }
    }

    private static Object begin(LockedMethod method, Interception call) {
        if (method.result().isAsynchronous()) {
            throw Failure.ILLEGAL_TRANSACTION.because(method.spec().displayName()
                    + " has a lock, runs in a transaction, and its work goes on after it has returned ("
                    + method.result()
                    + "): the two can't be brought into order. Lock in a method that calls the transactional one, or let it"
                    + " return when its work is done.");
        }
        List<LockRequest> requests = method.requests(call.self(), call.arguments());
        LockScope held = method.locks().acquire(requests);
        if (held == null) {
            return method.locks().skipped();
        }
        try {
            return new Permit(
                    method,
                    held,
                    BoundaryKeys.expect(
                            method.spec(), method.needsInstance() ? call.self() : null, call.arguments(), requests));
        } catch (Throwable e) {
            held.release();
            throw e;
        }
    }

    private record Permit(LockedMethod method, LockScope held, ExpectedCalls.Expected<List<LockRequest>> expected) {}

    public static final class End {

        private End() {}

        public void exit(Object permit, Throwable thrown) throws Throwable {
            if (permit != null) {
                exit((Permit) permit, thrown);
            }
        }

        private static void exit(Permit permit, Throwable thrown) throws Throwable {
            RuntimeException lost = null;
            try {
                permit.expected().end();
                permit.held().verify();
            } catch (FloodlockFailure e) {
                lost = permit.method().exceptions().translate(e);
            } finally {
                permit.held().release();
            }
            if (lost == null) {
                return;
            }
            if (thrown == null || isWrapped(lost, thrown)) {
                if (thrown != null) {
                    lost.addSuppressed(thrown);
                }
                throw lost;
            }
            if (thrown.getClass() != lost.getClass()) {
                thrown.addSuppressed(lost);
            }
        }

        /** Whether it is a framework's word for the veto of this thread's own commit, rather than what the method threw. */
        private static boolean isWrapped(RuntimeException lost, Throwable thrown) {
            Throwable cause = thrown.getCause();
            for (int depth = 0; cause != null && depth < 20; depth++, cause = cause.getCause()) {
                if (cause.getClass() == lost.getClass()) {
                    return true;
                }
            }
            return false;
        }
    }
}
