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
 * Acquires a method's locks around the interceptor that runs the method in a transaction, so that the locks are held
 * before the transaction begins and until it has ended. Woven code of the interceptor calls {@link #enter} and {@link
 * End#exit}.
 *
 * <p>The code that is woven into a method runs inside the transaction that its {@code @Transactional} asks for: begin,
 * lock, body, unlock, commit. Alone, it would protect too little. The next holder would begin before this commit. And
 * with an isolation level that reads as of its first statement, this transaction would read the state from before the
 * lock. So if the interceptor's method has locks, they are acquired here:
 *
 * <pre>
 *   enter        build and acquire the keys          no transaction has begun; a failure here reaches the caller, and a
 *                                                  call that must be skipped is skipped with its transaction
 *   interceptor    begin, or join
 *     method         re-enter the same keys, which are not built again
 *     method ends    if the transaction goes on beyond this interceptor, it keeps the keys (TransactionHold)
 *   interceptor    commit or roll back, if it has begun the transaction
 *   exit         verify, give the keys back
 * </pre>
 *
 * The keys that are given back here don't wait for the end of any transaction. The method's own scope has already left
 * them to the transactions that were open around it when it closed. So a method that runs in a new transaction inside
 * another one does not keep its locks for the outer one.
 *
 * <p>If a key needs the method's instance and the instance is not known yet, nothing is acquired here. The method's own
 * scope alone protects then, inside the transaction and until it ends. Methods whose work continues after they have
 * returned are refused: their transaction ends when they return, or with a subscription that this thread does not see.
 * Thread-safe.
 */
public final class Boundary {

    /** The end of every boundary. */
    public static final End END = new End();

    private final Interceptions calls;
    private final LockedMethods locked;

    public Boundary(Interceptions calls, LockedMethods locked) {
        this.calls = calls;
        this.locked = locked;
    }

    /** A permit, or null if there is nothing to end; or an array with the result of a call that is skipped. */
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
                    + "): its lock and its transaction can't be put in the right order. Lock in a method that calls the"
                    + " transactional one, or let it return when its work is done.");
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

    /** The scope that the boundary holds, and the offer of its keys to the method's own woven code. */
    private record Permit(LockedMethod method, LockScope held, ExpectedCalls.Expected<List<LockRequest>> expected) {}

    /** Ends what {@link #enter} has begun. Stateless. */
    public static final class End {

        private End() {}

        /**
         * Verifies that the locks were held throughout, and gives them back.
         *
         * @param permit may be null
         * @param thrown null if the interceptor has returned
         */
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

        /**
         * Whether {@code thrown} is a framework's report that this thread's own commit was vetoed, rather than the
         * method's exception.
         */
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
