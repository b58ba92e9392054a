package io.floodlock.runtime.queue.method;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.queue.payload.ArgumentsCodec;
import io.floodlock.runtime.queue.payload.ExceptionCodec;
import io.floodlock.runtime.queue.payload.IncompatibleCallException;
import io.floodlock.runtime.queue.payload.PayloadMapper;
import io.floodlock.runtime.queue.payload.ResultCodec;
import io.floodlock.runtime.queue.produce.OutgoingCall;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.CallOutcome;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.result.QueuedFuture;
import io.floodlock.runtime.queue.result.ResultReceiver;
import io.floodlock.runtime.thread.ExpectedCalls;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One queued method in this JVM. For a caller, it encodes the arguments, stores the call by the queue's producer and
 * gives the caller the future of the result. For a consumer, it decodes the arguments of a stored call, runs the body
 * and encodes the outcome. {@link QueueRegistry} makes it; {@code CallRun} runs stored calls by it. Thread-safe.
 */
public final class QueueSite implements QueueEngine.Site {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);

    /** The calls that consumers make, each on its own thread, by their sites. */
    private static final ExpectedCalls<Boolean> CONSUMED = new ExpectedCalls<>();

    private final QueuedMethod method;
    private final QueueRegistry queue;
    private final ArgumentsCodec arguments;
    private final ResultCodec result;
    private final ExceptionCodec thrown;

    /** {@code (Object self, Object[] arguments)Object}. */
    private final MethodHandle body;

    QueueSite(QueuedMethod method, QueueRegistry queue) {
        this.method = method;
        this.queue = queue;
        ObjectMapper mapper = PayloadMapper.create();
        this.arguments = new ArgumentsCodec(method.method(), mapper);
        this.result = new ResultCodec(method.method(), mapper);
        this.thrown = new ExceptionCodec(method.method(), method.lookup());
        this.body = body(method);
        if (method.name().getBytes(StandardCharsets.UTF_8).length > CallRecord.LONGEST_NAME) {
            throw Failure.PAYLOAD.because(displayName() + " can't be queued: its name is longer than "
                    + CallRecord.LONGEST_NAME + " bytes; give a shorter one in the annotation");
        }
    }

    private static MethodHandle body(QueuedMethod method) {
        try {
            MethodHandle handle = method.handle();
            int parameters = method.method().getParameterCount();
            MethodHandle generic = handle.asFixedArity()
                    .asType(MethodType.genericMethodType(handle.type().parameterCount()));
            MethodHandle spread = generic.asSpreader(Object[].class, parameters);
            return isStatic(method) ? MethodHandles.dropArguments(spread, 0, Object.class) : spread;
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("no access to " + method.method(), e);
        }
    }

    private static boolean isStatic(QueuedMethod method) {
        return Modifier.isStatic(method.method().getModifiers());
    }

    public QueuedMethod method() {
        return method;
    }

    String displayName() {
        return method.method().getDeclaringClass().getName() + "."
                + method.method().getName();
    }

    // ---- producing ----

    @Override
    public Object enter(Object self, Object[] values) {
        if (queue.runsInline() || isConsumed(values)) {
            return null;
        }
        String key = method.key() == null ? null : method.key().apply(self, values);
        if (key != null && key.getBytes(StandardCharsets.UTF_8).length > CallRecord.LONGEST_KEY) {
            throw Failure.INVALID_KEY.because("the key of a call of " + displayName() + " takes more than "
                    + CallRecord.LONGEST_KEY + " bytes; use an id instead of a text");
        }
        boolean wantsResult = !result.returnsVoid();
        CallRecord call = new CallRecord(method.name(), key, wantsResult, arguments.encode(values));
        QueuedFuture future = wantsResult ? new QueuedFuture(queue.name()) : null;
        long patience = Math.min(LONGEST_WAIT_NANOS, method.waitTime().toNanos());
        OutgoingCall pending = new OutgoingCall(
                call,
                System.nanoTime() + patience,
                wantsResult ? new Receiver(future, key, queue.continuations()) : null);
        boolean ownConsumer = queue.name().equals(QueuedFuture.consumedQueue());
        queue.producer().store(pending, ownConsumer ? Integer.MAX_VALUE : method.capacity(), method.rejectWhenFull());
        return new Object[] {future};
    }

    private final class Receiver implements ResultReceiver.ResultListener {

        private final QueuedFuture future;
        private final String key;
        private final Executor continuations;

        Receiver(QueuedFuture future, String key, Executor continuations) {
            this.future = future;
            this.key = key;
            this.continuations = continuations;
        }

        @Override
        public Executor executor() {
            return continuations;
        }

        @Override
        public void outcome(CallId id, CallOutcome outcome) {
            try {
                switch (outcome.kind()) {
                    case VALUE -> end(result.decode(outcome.value()), null);
                    case THROWN -> end(null, thrown.rebuild(outcome));
                    case DEAD ->
                        end(
                                null,
                                Failure.DEAD_LETTER.because("Call " + id + " of " + displayName()
                                        + (key == null ? "" : " with key '" + key + "'")
                                        + " was moved to the dead letters of queue " + queue.name() + ": "
                                        + outcome.message()));
                }
            } catch (RuntimeException e) {
                end(null, e);
            }
        }

        @Override
        public void failed(RuntimeException why) {
            end(null, why);
        }

        /** Runs the application's dependent stages too, so the context class loader is the application's. */
        private void end(Object value, Throwable problem) {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(loader());
            try {
                if (problem == null) {
                    future.complete(value);
                } else if (problem instanceof FloodlockFailure failure) {
                    future.completeExceptionally(method.failures().apply(failure));
                } else {
                    future.completeExceptionally(problem);
                }
            } finally {
                thread.setContextClassLoader(before);
            }
        }
    }

    // ---- consuming ----

    public ClassLoader loader() {
        return method.method().getDeclaringClass().getClassLoader();
    }

    public Object[] decode(byte[] payload) throws IncompatibleCallException {
        return arguments.decode(payload);
    }

    /** The instance to run the method on; null for a static method. */
    public Object target(TargetResolver instances) throws TargetMissingException {
        if (isStatic(method)) {
            return null;
        }
        int modifiers = method.method().getModifiers();
        boolean overridable = (modifiers & (Modifier.PRIVATE | Modifier.FINAL)) == 0;
        return instances.resolve(method.method().getDeclaringClass(), overridable);
    }

    /** Whether the consumer makes this call; true once, so a call that the body makes of its own method is stored. */
    public boolean isConsumed(Object[] values) {
        return CONSUMED.take(this, null, values) != null;
    }

    /** Runs the body: the woven entry does not store this call. */
    public Object run(Object target, Object[] values) throws Throwable {
        ExpectedCalls.Expected<Boolean> entry = CONSUMED.expect(this, null, values, Boolean.TRUE);
        try {
            return body.invoke(target, values);
        } finally {
            entry.end();
        }
    }

    public CallOutcome returned(Object value) {
        try {
            return CallOutcome.value(result.encode(value));
        } catch (FloodlockFailure e) {
            return CallOutcome.dead(e.getMessage());
        }
    }

    public CallOutcome threw(Throwable problem) {
        return thrown.outcome(problem);
    }

    public boolean isRetried(Throwable problem) {
        List<String> never = method.noRetryFor();
        for (Class<?> type = problem.getClass(); type != null; type = type.getSuperclass()) {
            if (never.contains(type.getName())) {
                return false;
            }
        }
        return true;
    }
}
