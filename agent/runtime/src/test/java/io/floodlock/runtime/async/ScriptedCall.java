package io.floodlock.runtime.async;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A call whose locks are granted when a test says so; writes down what happens to them. */
final class ScriptedCall implements AsyncBody {

    final List<String> events = new CopyOnWriteArrayList<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger bodies = new AtomicInteger();
    volatile boolean granted;
    volatile boolean lost;
    volatile LockEngine.Listener listener;

    private final Callable<Object> body;

    /** As the engine decides: the first of grant and cancel wins. */
    private final AtomicBoolean decided = new AtomicBoolean();

    ScriptedCall(Callable<Object> body) {
        this.body = body;
    }

    /** The locks are to be had at once. */
    ScriptedCall free() {
        granted = true;
        return this;
    }

    @Override
    public LockEngine.Pending acquire(LockEngine.Listener asking) {
        listener = asking;
        events.add("asked");
        if (granted) {
            grant();
        }
        return () -> {
            boolean first = decided.compareAndSet(false, true);
            if (first) {
                events.add("withdrawn");
            }
            return first;
        };
    }

    @Override
    public LockScope around() {
        return null;
    }

    @Override
    public ThreadContexts.Captured capture() {
        return null;
    }

    void grant() {
        if (decided.compareAndSet(false, true)) {
            opened.incrementAndGet();
            listener.acquired(new Scope());
        }
    }

    void refuse() {
        if (decided.compareAndSet(false, true)) {
            listener.failed(Failure.LOCK_TIMEOUT.because("busy"));
        }
    }

    @Override
    public Object run() throws Exception {
        bodies.incrementAndGet();
        events.add("body");
        return body.call();
    }

    @Override
    public Object lastArgument() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Object run(Object lastArgument) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Throwable toCaller(Throwable failure) {
        return failure instanceof FloodlockFailure ours
                ? new IllegalStateException(ours.kind().name())
                : failure;
    }

    @Override
    public String site() {
        return "Orders.place";
    }

    private final class Scope implements LockScope {

        private final AtomicBoolean open = new AtomicBoolean(true);

        @Override
        public long token() {
            return 1;
        }

        @Override
        public long token(String name) {
            return 1;
        }

        @Override
        public void verify() {
            if (lost) {
                throw Failure.LOCK_LOST.because("lost");
            }
        }

        @Override
        public Entered enter() {
            return () -> {};
        }

        @Override
        public void close() {
            if (open.compareAndSet(true, false)) {
                closed.incrementAndGet();
                events.add("closed");
            }
        }
    }
}
