package io.floodlock.runtime.call.around;

import io.floodlock.runtime.async.AsyncBody;
import io.floodlock.runtime.async.AsyncResults;
import io.floodlock.runtime.async.ThreadContexts;
import io.floodlock.runtime.call.lock.CallLocks;
import io.floodlock.runtime.call.spec.CallPlan;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.support.BodyEntry;
import io.floodlock.runtime.call.support.CallerExceptions;
import io.floodlock.runtime.call.support.Engines;
import io.floodlock.runtime.call.support.WovenMethods;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.lock.LockEngine;
import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.thread.ExpectedCalls;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * Surrounds a method whose result stands for unfinished work. The body runs only once its locks are held, and the scope
 * ends with the result. {@link ResultKind} decides which {@link AsyncResults} are used. Woven code of {@code
 * Operation.AROUND} calls it; for methods whose work ends when they return see {@link WovenCall}. Thread-safe.
 */
public final class AsyncCall {

    private static final MethodType BODY = MethodType.methodType(Object.class, Object.class, Object[].class);

    private final CallSpec spec;
    private final CallLocks locks;
    private final MethodHandle body;
    private final AsyncResults results;
    private final CallerExceptions exceptions;
    private final ThreadContexts contexts;

    public AsyncCall(CallPlan plan, MethodHandles.Lookup caller, Method method, Engines engines) {
        this.spec = plan.spec();
        this.locks = new CallLocks(plan, caller, method, engines);
        this.body = body(spec, WovenMethods.handle(spec, caller).asFixedArity());
        this.results = switch (ResultKind.of(spec.descriptor())) {
            case STAGE -> AsyncResults.stage();
            case FLOW -> AsyncResults.flow();
            case REACTIVE -> AsyncResults.reactive(method.getReturnType());
            case SUSPEND -> AsyncResults.suspended(caller, method);
            case DONE -> throw new LinkageError(spec.displayName() + " is not asynchronous");
        };
        this.exceptions = CallerExceptions.of(caller.lookupClass());
        this.contexts = ThreadContexts.beside(caller.lookupClass());
    }

    private static MethodHandle body(CallSpec spec, MethodHandle direct) {
        MethodHandle withSelf = spec.isStatic() ? MethodHandles.dropArguments(direct, 0, Object.class) : direct;
        return withSelf.asSpreader(Object[].class, spec.parameterCount()).asType(BODY);
    }

    /** Null if the body must run, else an array with the result. */
    public Object enter(Object self, Object[] arguments) {
        if (BodyEntry.take(spec)) {
            return null;
        }
        return new Object[] {results.start(new Call(self, arguments))};
    }

    /** One call, with what it captured on the caller's thread: the scope around it and the context class loader. */
    private final class Call implements AsyncBody {

        private final Object self;
        private final Object[] arguments;
        private final LockScope around = locks.current();
        private final ClassLoader context = Thread.currentThread().getContextClassLoader();

        Call(Object self, Object[] arguments) {
            this.self = self;
            this.arguments = arguments;
        }

        @Override
        public LockEngine.Pending acquire(LockEngine.Listener listener) {
            return locks.acquireAsync(self, arguments, listener);
        }

        @Override
        public LockScope around() {
            return around;
        }

        @Override
        public ThreadContexts.Captured capture() {
            return contexts.capture();
        }

        @Override
        public Object run() throws Throwable {
            return run(arguments);
        }

        @Override
        public Object lastArgument() {
            return arguments[arguments.length - 1];
        }

        @Override
        public Object run(Object lastArgument) throws Throwable {
            Object[] changed = arguments.clone();
            changed[changed.length - 1] = lastArgument;
            return run(changed);
        }

        private Object run(Object[] given) throws Throwable {
            Thread thread = Thread.currentThread();
            ClassLoader before = thread.getContextClassLoader();
            thread.setContextClassLoader(context);
            ExpectedCalls.Expected<Boolean> entry = BodyEntry.expect(spec);
            try {
                return (Object) body.invokeExact(self, given);
            } finally {
                entry.end();
                thread.setContextClassLoader(before);
            }
        }

        @Override
        public Throwable toCaller(Throwable failure) {
            return failure instanceof FloodlockFailure ours ? exceptions.translate(ours) : failure;
        }

        @Override
        public String site() {
            return spec.displayName();
        }
    }
}
