package io.floodlock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The keys that a piece of code holds while it runs, with their modes and limits: the attributes of
 * {@link PessimisticLock} and {@link SharedLock} for keys that are known only at run time. Immutable and thread-safe:
 * each configuring method returns a new object, so an object may be kept in a field. The object itself holds no key;
 * {@link #run}, {@link #call}, {@link #tryRun} and {@link #tryCall} acquire the keys, run the body and release the
 * keys.
 *
 * <pre>
 *   Floodlock.exclusive("order:42").run(() -&gt; ship(42));
 *   int left = Floodlock.exclusive(keys).shared("prices").waitTime(Duration.ofSeconds(3))
 *           .call(() -&gt; reserve(items));
 *   boolean ran = Floodlock.exclusive("report").minHold(Duration.ofMinutes(1)).tryRun(this::report);
 * </pre>
 *
 * <p>The guarantees, and the points where they end, are those of {@link PessimisticLock}. All keys are acquired in
 * one fixed order, or none is. A key that this thread already holds is re-entered. A transaction of the application
 * that is still open when the body ends keeps the keys until it has ended. A lost scope vetoes commits and ends with
 * {@link LockLostException}. A key that is built here and a key that an annotation builds exclude each other if they
 * have the same text: see {@link Floodlock#key}.
 *
 * <p>If the body returns a {@code CompletionStage}, the keys are held until the stage has completed; a
 * {@link LockLostException} is then logged, because the caller already has the stage. If the body returns a
 * {@code Future}, a publisher or another type whose end can't be observed, the call throws {@link LockLostException}
 * after the body has run. The call does not wait for other work that the body passes to other threads.
 *
 * <p>Without the agent no body is run, and {@link IllegalStateException} is thrown. A null body, and a null array or
 * collection of keys, is refused with {@link NullPointerException}.
 */
public final class Locking {

    private static final Duration LONGEST = Duration.ofDays(99_999);
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(10);

    private final List<String> exclusive;
    private final List<String> shared;
    private final Duration waitTime;
    private final Duration maxHold;
    private final Duration minHold;
    private final boolean fenced;

    private Locking(
            List<String> exclusive,
            List<String> shared,
            Duration waitTime,
            Duration maxHold,
            Duration minHold,
            boolean fenced) {
        this.exclusive = exclusive;
        this.shared = shared;
        this.waitTime = waitTime;
        this.maxHold = maxHold;
        this.minHold = minHold;
        this.fenced = fenced;
        if (maxHold != null && minHold != null && minHold.compareTo(maxHold) > 0) {
            throw new IllegalArgumentException("minHold " + minHold + " is longer than maxHold " + maxHold
                    + ", at which the keys are given back; give a shorter minHold or a longer maxHold");
        }
    }

    /** Without keys. */
    static Locking none() {
        return new Locking(List.of(), List.of(), null, null, null, false);
    }

    /** Adds keys, each held exclusively: by one holder among all threads of all JVMs. */
    public Locking exclusive(String... keys) {
        return exclusive(Arrays.asList(keys));
    }

    /** As {@link #exclusive(String...)}. A key that is given in both modes is held exclusively. */
    public Locking exclusive(Collection<String> keys) {
        return new Locking(join(exclusive, keys), shared, waitTime, maxHold, minHold, fenced);
    }

    /**
     * Adds keys, each held shared: by any number of shared holders, but never at the same time as an exclusive
     * holder.
     */
    public Locking shared(String... keys) {
        return shared(Arrays.asList(keys));
    }

    /** As {@link #shared(String...)}. */
    public Locking shared(Collection<String> keys) {
        return new Locking(exclusive, join(shared, keys), waitTime, maxHold, minHold, fenced);
    }

    private static List<String> join(List<String> known, Collection<String> more) {
        List<String> all = new ArrayList<>(known);
        all.addAll(more);
        // not List.copyOf, which fails on null: a null key is refused later with a message that names it
        return Collections.unmodifiableList(all);
    }

    /**
     * Longest time to wait until all keys are held; zero refuses at once if another holder has one of them. The
     * default is 10 seconds for {@link #run} and {@link #call}, and zero for {@link #tryRun} and {@link #tryCall}.
     *
     * @throws IllegalArgumentException if the time is null, negative, or longer than 99,999 days
     */
    public Locking waitTime(Duration waitTime) {
        checked("waitTime", waitTime, Duration.ZERO);
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, fenced);
    }

    /**
     * Longest time that the keys may be held, as {@link PessimisticLock#maxHold()}. By default there is no limit.
     *
     * @throws IllegalArgumentException if the time is null, zero or negative, longer than 99,999 days, or shorter
     *     than {@code minHold}
     */
    public Locking maxHold(Duration maxHold) {
        checked("maxHold", maxHold, Duration.ofNanos(1));
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, fenced);
    }

    /**
     * Shortest time that the exclusive keys stay taken, as {@link PessimisticLock#minHold()}. By default they stay
     * taken until the body has ended.
     *
     * @throws IllegalArgumentException if the time is null, zero or negative, or longer than {@code maxHold} or
     *     99,999 days
     */
    public Locking minHold(Duration minHold) {
        checked("minHold", minHold, Duration.ofNanos(1));
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, fenced);
    }

    private static void checked(String name, Duration value, Duration least) {
        if (value == null || value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be "
                    + (least.isZero() ? "at least 0" : "more than 0") + " and at most " + LONGEST.toDays() + " days");
        }
    }

    /** Lets the databases that the body uses compare fencing tokens, as {@link PessimisticLock#fenced()}. */
    public Locking fenced() {
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, true);
    }

    /**
     * Runs the body while all keys are held.
     *
     * @throws LockTimeoutException if a key was not free within {@code waitTime}; the body did not run
     * @throws LockInterruptedException if the thread was interrupted while it waited for a key; the body did not run
     * @throws LockUpgradeException if an enclosing scope holds one of the exclusive keys shared; the body did not run
     * @throws LockLostException if the scope was lost before the body had ended
     * @throws InvalidKeyException if there is no key, or one is null, blank or longer than 1,000 characters; the body
     *     did not run
     * @throws FloodlockUnavailableException if Redis did not answer; the body did not run
     * @throws IllegalStateException without the agent; the body did not run
     * @throws X the exception of the body, unchanged
     */
    public <X extends Throwable> void run(LockedAction<X> body) throws X {
        call(enter(body, DEFAULT_WAIT, false), asCall(body));
    }

    /** As {@link #run}, and returns the body's result. */
    public <T, X extends Throwable> T call(LockedCall<T, X> body) throws X {
        return call(enter(body, DEFAULT_WAIT, false), body);
    }

    /**
     * As {@link #run}, but without an exception if a key is not free within {@code waitTime}, which is zero by
     * default: the body then does not run.
     *
     * @return whether the body has run
     */
    public <X extends Throwable> boolean tryRun(LockedAction<X> body) throws X {
        Object permit = enter(body, Duration.ZERO, true);
        if (permit == null) {
            return false;
        }
        call(permit, asCall(body));
        return true;
    }

    /** As {@link #tryRun}, with the body's result; empty if the body did not run, or if it has returned null. */
    public <T, X extends Throwable> Optional<T> tryCall(LockedCall<T, X> body) throws X {
        Object permit = enter(body, Duration.ZERO, true);
        return permit == null ? Optional.empty() : Optional.ofNullable(call(permit, body));
    }

    private static <X extends Throwable> LockedCall<Object, X> asCall(LockedAction<X> body) {
        return () -> {
            body.run();
            return null;
        };
    }

    private Object enter(Object body, Duration byDefault, boolean skips) {
        return Floodlock.enter(
                exclusive.toArray(String[]::new),
                shared.toArray(String[]::new),
                waitTime == null ? byDefault : waitTime,
                maxHold,
                minHold,
                fenced,
                skips,
                Objects.requireNonNull(body, "body"));
    }

    private static <T, X extends Throwable> T call(Object permit, LockedCall<T, X> body) throws X {
        T value;
        try {
            value = body.call();
        } catch (Throwable thrown) {
            Floodlock.exit(permit, thrown);
            throw thrown;
        }
        @SuppressWarnings("unchecked")
        T same = (T) Floodlock.leave(permit, value);
        return same;
    }
}
