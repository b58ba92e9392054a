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
 * Which keys a piece of code holds while it runs, and how: the attributes of {@link PessimisticLock} and {@link
 * SharedLock} for keys that are known only at run time. Immutable and thread-safe: each method answers another one, so
 * one may be kept in a field. It holds nothing itself; {@link #run}, {@link #call}, {@link #tryRun} and {@link
 * #tryCall} do.
 *
 * <pre>
 *   Floodlock.exclusive("order:42").run(() -&gt; ship(42));
 *   int left = Floodlock.exclusive(keys).shared("prices").waitTime(Duration.ofSeconds(3)).call(() -&gt; reserve(items));
 *   boolean ran = Floodlock.exclusive("report").minHold(Duration.ofMinutes(1)).tryRun(this::report);
 * </pre>
 *
 * <p>The guarantees, and where they end, are those of {@link PessimisticLock}: all keys in one fixed order or none;
 * what this thread holds already is re-entered; what is open of the application's own transactions as the body ends
 * keeps the keys until it has ended; a scope that is lost vetoes commits and ends in {@link LockLostException}. A key
 * that is built here and one that an annotation builds exclude each other if they have the same text: see {@link
 * Floodlock#key}.
 *
 * <p>A body that returns a {@code CompletionStage} keeps the keys until that has completed; {@link LockLostException}
 * is then logged, as the caller has the stage already. A body that returns a {@code Future}, a publisher or another
 * type that doesn't say when its work ends fails with {@link LockLostException} after it has run. Other work that a
 * body leaves to other threads is not waited for.
 *
 * <p>Without the agent nothing is run, and {@link IllegalStateException} is thrown.
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

    /** Of no key yet. */
    static Locking none() {
        return new Locking(List.of(), List.of(), null, null, null, false);
    }

    /** These keys too, each held exclusively: by one holder among all threads of all JVMs. */
    public Locking exclusive(String... keys) {
        return exclusive(Arrays.asList(keys));
    }

    /** As {@link #exclusive(String...)}. A key that is given in both modes is held exclusively. */
    public Locking exclusive(Collection<String> keys) {
        return new Locking(join(exclusive, keys), shared, waitTime, maxHold, minHold, fenced);
    }

    /** These keys too, each held shared: by any number of shared holders, but by none beside an exclusive one. */
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
        // not a copy by List.of, as a null among them is to be refused by name
        return Collections.unmodifiableList(all);
    }

    /**
     * How long to wait until all keys are held; zero refuses at once where somebody else holds one. Unless it is set,
     * {@link #run} and {@link #call} wait for 10 seconds and {@link #tryRun} and {@link #tryCall} not at all.
     *
     * @throws IllegalArgumentException if it is negative, or longer than 99,999 days
     */
    public Locking waitTime(Duration waitTime) {
        checked("waitTime", waitTime, Duration.ZERO);
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, fenced);
    }

    /**
     * How long the keys may be held, as {@link PessimisticLock#maxHold()}; unless it is set, as long as the body runs.
     *
     * @throws IllegalArgumentException if it is not more than zero, or longer than 99,999 days
     */
    public Locking maxHold(Duration maxHold) {
        checked("maxHold", maxHold, Duration.ofNanos(1));
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, fenced);
    }

    /**
     * How long the exclusive keys stay taken at least, as {@link PessimisticLock#minHold()}; unless it is set, until
     * the body has ended.
     *
     * @throws IllegalArgumentException if it is not more than zero, or longer than {@code maxHold} or 99,999 days
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

    /** With fencing tokens in the databases that the body works on, as {@link PessimisticLock#fenced()}. */
    public Locking fenced() {
        return new Locking(exclusive, shared, waitTime, maxHold, minHold, true);
    }

    /**
     * Runs the body while all keys are held.
     *
     * @throws LockTimeoutException if a key was not free within {@code waitTime}; the body did not run
     * @throws LockLostException if the scope was lost before the body had ended
     * @throws InvalidKeyException if there is no key, or one is null, blank or longer than 1,000 characters
     * @throws FloodlockUnavailableException if Redis did not answer; the body did not run
     * @throws IllegalStateException without the agent; the body did not run
     * @throws X what the body throws
     */
    public <X extends Throwable> void run(LockedAction<X> body) throws X {
        call(enter(body, DEFAULT_WAIT, false), asCall(body));
    }

    /** As {@link #run}, and answers what the body does. */
    public <T, X extends Throwable> T call(LockedCall<T, X> body) throws X {
        return call(enter(body, DEFAULT_WAIT, false), body);
    }

    /**
     * As {@link #run}, but without an exception where a key is not free within {@code waitTime}, which is zero unless
     * it is set: then the body does not run.
     *
     * @return whether it has run
     */
    public <X extends Throwable> boolean tryRun(LockedAction<X> body) throws X {
        Object permit = enter(body, Duration.ZERO, true);
        if (permit == null) {
            return false;
        }
        call(permit, asCall(body));
        return true;
    }

    /**
     * As {@link #tryRun}, with the body's result; empty where it did not run, and where it has answered null.
     */
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
