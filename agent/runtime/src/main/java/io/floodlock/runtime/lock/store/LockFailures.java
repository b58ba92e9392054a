package io.floodlock.runtime.lock.store;

import io.floodlock.runtime.event.LockNesting;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import io.floodlock.runtime.lock.LockTerms;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes the failures and messages about locks that the callers of woven methods get, so that all layers use the same
 * texts. Thread-safe.
 */
public final class LockFailures {

    private LockFailures() {}

    /**
     * @param waitedMillis negative for a request that doesn't wait
     * @param holder null if this JVM doesn't know it
     * @param ahead the first caller of this JVM that waits before it, or null
     */
    public static FloodlockFailure timeout(
            LockRequest request, String site, long waitedMillis, HolderInfo holder, Caller ahead) {
        String others = (ahead == null ? "others wait before it" : ahead + " of this JVM waits before it")
                + ", and Redis has not reported the holder yet";
        if (waitedMillis < 0) {
            return Failure.LOCK_TIMEOUT.because(
                    holder == null ? refused(request, site, others) : holder.refusal(request, site));
        }
        return Failure.LOCK_TIMEOUT.because("Waited " + waitedMillis + " ms for " + what(request, site) + ": "
                + (holder == null ? others : "it is " + holder)
                + ". The call may be repeated; waitTime sets how long it waits.");
    }

    static String refused(LockRequest request, String site, String why) {
        return "Refused " + what(request, site) + ": " + why;
    }

    private static String what(LockRequest request, String site) {
        String mode = request.mode() == LockMode.SHARED ? "the shared lock '" : "the exclusive lock '";
        return mode + request.name() + "' at " + site;
    }

    public static FloodlockFailure interrupted(LockRequest request, String site) {
        return Failure.LOCK_INTERRUPTED.because(
                "Interrupted while waiting for the lock '" + request.name() + "' at " + site + "; nothing is held");
    }

    /** The thread holds the key shared and needs it exclusively. */
    public static FloodlockFailure upgrade(String name, String site) {
        return Failure.LOCK_UPGRADE.because("The exclusive lock '" + name + "' is needed at " + site
                + ", but the thread already holds that lock shared and would wait for itself."
                + " Acquire it exclusively in the outer method.");
    }

    /** The lease ended. */
    public static FloodlockFailure lost(String name) {
        return Failure.LOCK_LOST.because(
                "The lock '" + name + "' is lost: its lease ended before the method did, so another"
                        + " JVM may hold it. Possible causes: the JVM was paused or could not reach Redis for longer"
                        + " than floodlock.lease, or Redis lost its data.");
    }

    /** @param why the reason, from {@link #expired} */
    public static FloodlockFailure lost(String name, String why) {
        return Failure.LOCK_LOST.because("The lock '" + name + "' is lost: " + why
                + ". It was given back and others may hold it. Shorten the call, or set a longer maxHold.");
    }

    /** The reason for a loss: the maximum hold has passed. */
    public static String expired(LockTerms terms, long ageNanos) {
        return terms.site() + " still runs after " + TimeUnit.NANOSECONDS.toMillis(ageNanos)
                + " ms, longer than its maxHold = " + terms.maxHold().toMillis() + " ms";
    }

    public static FloodlockFailure unanswered(String address, String name, String site) {
        return Failure.UNAVAILABLE.because("Redis at " + address + " did not answer in time for the lock '" + name
                + "' at " + site + ". Check that it runs and is not overloaded.");
    }

    public static FloodlockFailure unanswered(String address) {
        return Failure.UNAVAILABLE.because(
                "Redis at " + address + " did not answer in time. Check that it runs and is not overloaded.");
    }

    /** The minimum hold of an acquisition could not be recorded, as the grant had ended. */
    public static FloodlockFailure notKept(String name, String site) {
        return Failure.UNAVAILABLE.because("Redis has ended this JVM's grant of the lock '" + name
                + "' before the minHold of " + site + " was recorded. The body did not run; the call may be repeated.");
    }

    /** An Error made the state of the lock in this JVM unknown, so the lock has started over. */
    public static FloodlockFailure brokenOff(String name) {
        return Failure.UNAVAILABLE.because(
                "A StackOverflowError or OutOfMemoryError has interrupted an operation of this JVM"
                        + " on the lock '" + name
                        + "'. The JVM starts a new session; the call may be repeated.");
    }

    /** A reply could not be read because the heap was full. */
    public static FloodlockFailure noMemory() {
        return Failure.UNAVAILABLE.because("The heap was full, so a reply of Redis about a lock could not be read."
                + " The call may be repeated; give the JVM more memory.");
    }

    public static FloodlockFailure closing() {
        return Failure.UNAVAILABLE.because("Floodlock is shutting down and acquires no more locks");
    }

    /**
     * @param orders a cycle: each nesting shares keys with the next one, and the last one with the first
     * @param certain whether the same two keys were taken in both orders; else keys of the same forms
     */
    public static String inverted(List<LockNesting> orders, boolean certain) {
        StringBuilder text = new StringBuilder(
                certain
                        ? "Two locks are taken in both orders, so calls that meet there wait for each other"
                                + " until waitTime: "
                        : "Locks are taken in different orders, so calls that meet on the same keys may wait for"
                                + " each other until waitTime: ");
        for (LockNesting nesting : orders) {
            text.append(nesting == orders.get(0) ? "" : "; ");
            boolean oneCall = nesting.outerSite().equals(nesting.innerSite());
            text.append(nesting.outerSite())
                    .append(" takes ")
                    .append(key(nesting.outer(), nesting.outerForm()))
                    .append(oneCall ? ", then " : " and inside it " + nesting.innerSite() + " takes ")
                    .append(key(nesting.inner(), nesting.innerForm()));
        }
        return text.append(". Take them in one order, or all by one method: keys of one method are taken in a fixed"
                        + " order.")
                .toString();
    }

    private static String key(String name, String form) {
        return "'" + name + "'" + (form.equals(name) ? "" : " (" + form + ")");
    }
}
