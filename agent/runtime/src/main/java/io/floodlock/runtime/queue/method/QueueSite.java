package io.floodlock.runtime.queue.method;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.QueueEngine;
import io.floodlock.runtime.queue.QueuedMethod;
import io.floodlock.runtime.queue.context.CallContext;
import io.floodlock.runtime.queue.inbox.InboxEntry;
import io.floodlock.runtime.queue.outbox.Outbox;
import io.floodlock.runtime.queue.outbox.OutboxCall;
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
import io.floodlock.runtime.tx.HomeWork;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One queued method in this JVM. For a caller, it encodes the arguments, stores the call by the queue's producer and
 * gives the caller the future of the result. For a consumer, it decodes the arguments of a stored call, runs the body
 * and encodes the outcome. {@link QueueRegistry} makes it; {@code CallRun} runs stored calls by it. Thread-safe.
 */
public final class QueueSite implements QueueEngine.Site {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final QueuedMethod method;
    private final QueueRegistry queue;
    private final ArgumentsCodec arguments;
    private final ResultCodec result;
    private final ExceptionCodec thrown;

    private final SiteRuns runs = new SiteRuns();
    private final BodyHandles handles;

    /** Runs all stored calls, if there is one. */
    private final BatchMethod batch;

    private final CallContext context;

    /** Whether this JVM has stored a call; set once, as it is written by every caller. */
    private volatile boolean stored;

    QueueSite(QueuedMethod method, QueueRegistry queue) {
        this.method = method;
        this.queue = queue;
        ObjectMapper mapper = PayloadMapper.create();
        this.arguments = new ArgumentsCodec(method.method(), mapper);
        this.result = new ResultCodec(method.method(), mapper);
        this.thrown = new ExceptionCodec(method.method(), method.lookup());
        this.handles = new BodyHandles(method.lookup(), method.method());
        this.context = new CallContext(loader());
        this.batch = method.batch() == null
                ? null
                : new BatchMethod(
                        method.lookup(), method.method(), method.batch().method());
        if (method.name().getBytes(StandardCharsets.UTF_8).length > CallRecord.LONGEST_NAME) {
            throw Failure.PAYLOAD.because(displayName() + " can't be queued: its name is longer than "
                    + CallRecord.LONGEST_NAME + " bytes; give a shorter one in the annotation");
        }
    }

    public QueuedMethod method() {
        return method;
    }

    public String displayName() {
        return method.method().getDeclaringClass().getName() + "."
                + method.method().getName();
    }

    // ---- producing ----

    @Override
    public Object enter(Object self, Object[] values) {
        if (queue.runsInline() || DirectCalls.areOn() || ConsumedCall.begins(this, self, values)) {
            return null;
        }
        boolean wantsResult = !result.returnsVoid();
        CallRecord call = record(self, values);
        QueuedFuture future = wantsResult ? new QueuedFuture(queue.name()) : null;
        Receiver receiver = wantsResult ? new Receiver(future, call.key(), queue.continuations()) : null;
        if (!stored) {
            stored = true;
        }
        Outbox outbox = queue.outbox();
        boolean inTransaction = outbox != null
                && outbox.take(session -> new OutboxCall(
                        queue.name(),
                        wantsResult ? call.withReplyTo(session) : call,
                        receiver,
                        () -> store(call, receiver),
                        () -> ended(future)));
        if (!inTransaction) {
            store(call, receiver);
        } else if (future != null) {
            future.madeInTransaction();
        }
        return new Object[] {future};
    }

    private static void ended(QueuedFuture future) {
        if (future != null) {
            future.transactionEnded();
        }
    }

    private CallRecord record(Object self, Object[] values) {
        String key = method.key() == null ? null : limited("key", method.key().apply(self, values));
        CallRecord call = new CallRecord(method.name(), key, !result.returnsVoid(), arguments.encode(values))
                .withContext(context.capture())
                .withReplicas(method.replicas());
        if (!method.delay().isZero()) {
            call = call.withDue(System.currentTimeMillis() + method.delay().toMillis());
        }
        if (method.dedup() != null) {
            String repeats = limited("dedup", method.dedup().key().apply(self, values));
            call = call.withDedup(new CallRecord.Dedup(
                    repeats, Math.max(1, method.dedup().window().toMillis())));
        }
        return call;
    }

    private String limited(String attribute, String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > CallRecord.LONGEST_KEY) {
            throw Failure.INVALID_KEY.because("the " + attribute + " of a call of " + displayName()
                    + " takes more than " + CallRecord.LONGEST_KEY + " bytes; use an id instead of a text");
        }
        return text;
    }

    private void store(CallRecord call, Receiver receiver) {
        long patience = Math.min(LONGEST_WAIT_NANOS, method.waitTime().toNanos());
        long deadline = System.nanoTime() + patience;
        Outbox outbox = queue.outbox();
        if (outbox != null && call.key() != null) {
            outbox.awaitSent(queue.name(), call.key(), patience);
        }
        boolean ownConsumer = queue.name().equals(QueuedFuture.consumedQueue());
        int capacity = ownConsumer ? Integer.MAX_VALUE : method.capacity();
        if (method.async()) {
            OutgoingCall pending = new OutgoingCall(call, System.nanoTime() + LONGEST_WAIT_NANOS, receiver);
            queue.producer().storeLater(pending, deadline, capacity, method.rejectWhenFull());
        } else {
            OutgoingCall pending = new OutgoingCall(call, deadline, receiver);
            queue.producer().store(pending, capacity, method.rejectWhenFull());
        }
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

    /** Where to run the method. */
    public Target target(TargetResolver instances) throws TargetMissingException {
        Target target =
                handles.isStatic() ? Target.NONE : instances.resolve(batch == null ? method.method() : batch.method());
        if (runs.haveStopped()) {
            throw new TargetMissingException(
                    TargetMissingException.Reason.UNREACHED,
                    SiteRuns.UNREACHED + " stored calls in a row did not reach the method's body, so this JVM runs no"
                            + " more of them until it is started again: "
                            + UnreachedBodyException.text(displayName(), target));
        }
        return target;
    }

    /** Whether the call that begins on this thread is a consumer's; any other call is stored. */
    public boolean isConsumed(Object[] values) {
        return ConsumedCall.begins(this, null, values);
    }

    /** A run of a stored call: the woven entry does not store the call that reaches the body. */
    public ConsumedCall run(Target target, Object[] values, InboxEntry recorded) {
        return new ConsumedCall(this, target, values, recorded);
    }

    /**
     * Runs what calls the application as a consumer of this queue does.
     *
     * @param captured of the thread that made the call; empty for none
     */
    public <T> T inContext(Map<String, Map<String, String>> captured, Body<T> body) throws Throwable {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader());
        QueuedFuture.consuming(queue.name());
        try (CallContext.Established established = context.establish(captured)) {
            return body.run();
        } finally {
            QueuedFuture.consuming(null);
            thread.setContextClassLoader(before);
        }
    }

    /** Code that calls the application. */
    public interface Body<T> {
        T run() throws Throwable;
    }

    /** Whether stored calls run in a method that takes several of them. */
    public boolean isBatched() {
        return batch != null;
    }

    /** How many stored calls may run together. */
    public int mostTogether() {
        return batch == null ? 1 : method.batch().most();
    }

    /**
     * Runs stored calls by the batch method.
     *
     * @param calls the arguments of each
     * @return the result of each
     */
    public List<?> runTogether(Target target, List<Object[]> calls) throws Throwable {
        return batch.run(target, calls);
    }

    @Override
    public HomeWork work() {
        return method.transactional() ? ConsumedCall.recorded(this) : null;
    }

    @Override
    public void ending(Object value, Throwable problem) {
        InboxEntry recorded = ConsumedCall.recorded(this);
        if (recorded == null) {
            return;
        }
        if (problem != null) {
            recorded.answered(threw(problem));
        } else if (value instanceof CompletionStage<?> stage
                && stage.toCompletableFuture().isDone()) {
            recorded.answered(returned(stage.toCompletableFuture().join()));
        } else {
            recorded.answered(null);
        }
    }

    @Override
    public Object[] replayed() throws Throwable {
        CallOutcome outcome = ConsumedCall.recorded(this).outcome();
        if (outcome == null || result.returnsVoid()) {
            return new Object[] {null};
        }
        return new Object[] {
            switch (outcome.kind()) {
                case VALUE -> CompletableFuture.completedFuture(result.decode(outcome.value()));
                case THROWN -> CompletableFuture.failedFuture(thrown.rebuild(outcome));
                case DEAD -> CompletableFuture.failedFuture(Failure.DEAD_LETTER.because(outcome.message()));
            }
        };
    }

    @Override
    public void left(Throwable thrown) {
        ConsumedCall.left(this, thrown);
    }

    /** Whether this JVM has stored calls of the method. */
    boolean hasStoredCalls() {
        return stored;
    }

    SiteRuns runs() {
        return runs;
    }

    Object invoke(Target target, Object[] values) throws Throwable {
        return handles.invoke(target, values);
    }

    String queueName() {
        return queue.name();
    }

    boolean returnsStage() {
        return !result.returnsVoid();
    }

    /** Whether a virtual call of the other site's method may end in this one: it is the same, or overrides it. */
    boolean implementsCallsOf(QueueSite other) {
        return other.isImplementedBy(method.method());
    }

    /** Whether this method overrides the other site's. */
    boolean overrides(QueueSite other) {
        return other != this && implementsCallsOf(other);
    }

    /** Whether a virtual call of this method may end in that one. */
    boolean isImplementedBy(Method other) {
        Method own = method.method();
        return own.equals(other)
                || own.getDeclaringClass() != other.getDeclaringClass()
                        && own.getDeclaringClass().isAssignableFrom(other.getDeclaringClass())
                        && own.getName().equals(other.getName())
                        && own.getParameterCount() == other.getParameterCount()
                        && takes(own.getParameterTypes(), other.getParameterTypes());
    }

    /** The types may be narrower where the superclass has type parameters: the compiler puts a bridge between. */
    private static boolean takes(Class<?>[] general, Class<?>[] exact) {
        for (int i = 0; i < general.length; i++) {
            if (!general[i].isAssignableFrom(exact[i])) {
                return false;
            }
        }
        return true;
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
