package io.floodlock.runtime.queue.method;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.inbox.InboxEntry;
import io.floodlock.runtime.queue.result.QueuedFuture;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One run of a stored call, from the consumer's call of the method until the run's outcome is known. The woven entry of
 * a queued method asks it whether the call that begins is the body of this run; any other call is stored. {@link
 * QueueSite} makes it, {@code CallRun} calls it and ends it. Thread-safe.
 */
public final class ConsumedCall {

    /*
     * Between the consumer's call and the body may stand proxies and interceptors of the application's. Most pass the
     * call on, on the same thread and with the same arguments. Some change the arguments, repeat the call, run the rest
     * on another thread, or answer in its place.
     *
     * States.
     *
     *   DUE      The consumer calls. The body has not begun.
     *   RUNNING  The body runs. A call of the method that begins now is made by the body, or by somebody else: it is
     *            stored. A call of the overridden method on the same object is the body's call of super: it is a part
     *            of the body.
     *   LEFT     The body has returned or thrown, or its locks could not be acquired. A call of the method that begins
     *            now is a repetition by an interceptor: it runs.
     *   OVER     The outcome is known. Nothing runs for this run any more.
     *
     * Which call is the body. On the consumer's thread: the first call of the method, or of one that overrides it, with
     * any arguments. On another thread: a call with all the objects that were decoded for this run, see CallMarks.
     *
     * Orderings, if the body runs on another thread.
     *
     *   begins and ends before the consumer's call returns    as on one thread
     *   begins before, ends after     the consumer waits for the end; a failure of the body is the run's failure
     *   begins after                  the consumer waits for it, ARRIVAL_NANOS at most, and then for its end
     *   begins later still            the run is OVER as unreached; the body is refused by an exception
     *   has none of the run's marks   it is stored as a new call, and this run ends unreached
     *
     * A result that is a stage stands for the body's end: the run is over when the stage completes.
     *
     * Unreached. The consumer's call returned normally and the body did not begin. To run the call again would lead to
     * the same, so it becomes a dead letter with the reason. A call that goes round (stored by another thread, run
     * here, stored again) would do so for ever: after three unreached runs in a row the site stops, and its calls wait.
     */

    private enum State {
        DUE,
        RUNNING,
        LEFT,
        OVER
    }

    private static final long ARRIVAL_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** The run whose method, or body, the thread calls. */
    private static final ThreadLocal<ConsumedCall> CURRENT = new ThreadLocal<>();

    private final QueueSite site;
    private final Target target;
    private Object[] arguments;
    private final CallMarks marks;
    private final InboxEntry recorded;
    private final long arrivalNanos;
    private final Thread consumer = Thread.currentThread();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.DUE;
    private boolean begun;

    /** The method whose body runs, or ran last: the site's own, or one that overrides it. */
    private QueueSite body;

    private Object self;
    private Thread runner;
    private Throwable thrown;

    /** What the runner's thread was doing before, if it is not the consumer's. */
    private ConsumedCall around;

    private String queueAround;

    ConsumedCall(QueueSite site, Target target, Object[] arguments, InboxEntry recorded) {
        this(site, target, arguments, recorded, ARRIVAL_NANOS);
    }

    /**
     * @param recorded null if the method has no transaction
     * @param arrivalNanos how long a body on another thread may be awaited
     */
    ConsumedCall(QueueSite site, Target target, Object[] arguments, InboxEntry recorded, long arrivalNanos) {
        this.recorded = recorded;
        this.arrivalNanos = arrivalNanos;
        this.site = site;
        this.target = target;
        this.arguments = arguments;
        this.marks = new CallMarks(arguments);
    }

    // ---- the consumer ----

    /** Calls the method, and waits until its body has ended, on whatever thread. Throws what the body throws. */
    public Object call() throws Throwable {
        ConsumedCall before = CURRENT.get();
        CURRENT.set(this);
        site.runs().add(this);
        Object value;
        try {
            value = site.invoke(target, arguments);
        } finally {
            set(before);
        }
        if (!(value instanceof CompletionStage)) {
            awaitOtherThread();
        }
        return value;
    }

    private void awaitOtherThread() throws Throwable {
        lock.lockInterruptibly();
        try {
            long left = marks.isEmpty() ? 0 : arrivalNanos;
            while (state == State.DUE && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (runner == null || runner == consumer) {
                return;
            }
            while (state == State.RUNNING) {
                changed.await();
            }
            // an asynchronous interceptor may have told nobody; to run the call again is safer than to lose it
            if (thrown != null) {
                throw thrown;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends the run.
     *
     * @param problem what the call or its stage has thrown; may be null
     * @return the failure of the run: the problem, or that the body was not reached; null if there is none
     */
    public Throwable over(Throwable problem) {
        boolean reached;
        lock.lock();
        try {
            state = State.OVER;
            reached = begun;
            arguments = null;
            if (!begun) {
                marks.weaken();
            }
        } finally {
            lock.unlock();
        }
        site.runs().over(this, reached, problem != null);
        return problem != null || reached ? problem : new UnreachedBodyException(site.displayName(), target);
    }

    // ---- the entry ----

    /** Whether the call that begins on this thread is the body of a run, or a part of it. */
    static boolean begins(QueueSite called, Object instance, Object[] given) {
        ConsumedCall current = CURRENT.get();
        return current != null && current.begins(called, instance)
                || called.runs().arrives(called, instance, given);
    }

    private boolean begins(QueueSite called, Object instance) {
        lock.lock();
        try {
            if (state == State.RUNNING) {
                return instance != null && instance == self && called != body && body.overrides(called);
            }
            return state != State.OVER && called.implementsCallsOf(site) && begin(called, instance);
        } finally {
            lock.unlock();
        }
    }

    boolean isMarkedBy(Object[] given) {
        return marks.areIn(given);
    }

    /** Whether it can still be told by its marks which call is its body. */
    boolean isRecognizable() {
        return marks.areAlive();
    }

    /** Whether a call with this run's marks, on a thread that is not known to be in a run, is its body. */
    boolean arrives(QueueSite called, Object instance) {
        lock.lock();
        try {
            if (state == State.OVER && !begun) {
                throw Failure.DEAD_LETTER.because("A stored call of " + site.displayName()
                        + " reached its body on thread '"
                        + Thread.currentThread().getName()
                        + "' after the consumer had given it up: an interceptor runs the method later, on another"
                        + " thread, than it returns. Put @Queued on a method that this interceptor does not surround.");
            }
            // the continuation of a stage may have the same arguments, and is no repetition
            boolean repeats = state == State.LEFT && !site.returnsStage();
            if (state != State.DUE && !repeats) {
                return false;
            }
            around = CURRENT.get();
            queueAround = QueuedFuture.consumedQueue();
            CURRENT.set(this);
            QueuedFuture.consuming(site.queueName());
            return begin(called, instance);
        } finally {
            lock.unlock();
        }
    }

    private boolean begin(QueueSite called, Object instance) {
        state = State.RUNNING;
        begun = true;
        body = called;
        self = instance;
        runner = Thread.currentThread();
        thrown = null;
        changed.signalAll();
        site.runs().reached();
        return true;
    }

    /** The record of the run whose body has begun on this thread; null if there is none. */
    static InboxEntry recorded(QueueSite called) {
        ConsumedCall current = CURRENT.get();
        return current == null ? null : current.recordedAt(called);
    }

    private InboxEntry recordedAt(QueueSite called) {
        lock.lock();
        try {
            return state == State.RUNNING && called == body && runner == Thread.currentThread() ? recorded : null;
        } finally {
            lock.unlock();
        }
    }

    /** The body that began on this thread has ended, or could not begin after all. */
    static void left(QueueSite called, Throwable problem) {
        ConsumedCall current = CURRENT.get();
        if (current != null) {
            current.leave(called, problem);
        }
    }

    private void leave(QueueSite called, Throwable problem) {
        lock.lock();
        try {
            if (called != body || runner != Thread.currentThread()) {
                return;
            }
            if (state == State.RUNNING) {
                state = State.LEFT;
                thrown = problem;
                changed.signalAll();
            }
            if (runner != consumer) {
                set(around);
                QueuedFuture.consuming(queueAround);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a call of that method, which is about to begin on this thread, would be the body of a run. */
    public static boolean isDue(Method method) {
        ConsumedCall current = CURRENT.get();
        return current != null && current.awaits(method);
    }

    private boolean awaits(Method method) {
        lock.lock();
        try {
            return (state == State.DUE || state == State.LEFT) && site.isImplementedBy(method);
        } finally {
            lock.unlock();
        }
    }

    private static void set(ConsumedCall run) {
        if (run == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(run);
        }
    }
}
