package io.floodlock.runtime.async;

import io.floodlock.runtime.lock.LockScope;
import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * Converts publishers of the application's own {@code org.reactivestreams}, which is known by name, to the JDK's Flow
 * and back. JDK proxies in the application's loader implement its interfaces, and see no class of the agent. Reactor's
 * context passes through them. {@link AsyncResults} uses it. Thread-safe.
 */
final class ReactiveStreams {

    private static final String CONTEXT_KEY = "io.floodlock.scope";

    private static final ClassValue<ReactiveStreams> BESIDE = new ClassValue<>() {
        @Override
        protected ReactiveStreams computeValue(Class<?> type) {
            try {
                return new ReactiveStreams(type.getClassLoader());
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(type.getName() + " has no usable org.reactivestreams in its loader: " + e, e);
            }
        }
    };

    /** Null where the application has no Reactor. */
    private final Reactor reactor;

    private final Class<?> publisher;
    private final Class<?> subscriber;
    private final Class<?> subscription;
    private final MethodHandle subscribe;
    private final MethodHandle onSubscribe;
    private final MethodHandle onNext;
    private final MethodHandle onError;
    private final MethodHandle onComplete;
    private final MethodHandle request;
    private final MethodHandle cancel;

    private ReactiveStreams(ClassLoader loader) throws ReflectiveOperationException {
        this.publisher = Class.forName("org.reactivestreams.Publisher", false, loader);
        this.subscriber = Class.forName("org.reactivestreams.Subscriber", false, loader);
        this.subscription = Class.forName("org.reactivestreams.Subscription", false, loader);
        this.reactor = Reactor.in(loader);
        this.subscribe = LibraryMethods.virtual(publisher, "subscribe", void.class, subscriber);
        this.onSubscribe = LibraryMethods.virtual(subscriber, "onSubscribe", void.class, subscription);
        this.onNext = LibraryMethods.virtual(subscriber, "onNext", void.class, Object.class);
        this.onError = LibraryMethods.virtual(subscriber, "onError", void.class, Throwable.class);
        this.onComplete = LibraryMethods.virtual(subscriber, "onComplete", void.class);
        this.request = LibraryMethods.virtual(subscription, "request", void.class, long.class);
        this.cancel = LibraryMethods.virtual(subscription, "cancel", void.class);
    }

    /** @param type a type of the application that is a publisher or belongs to such a library */
    static ReactiveStreams beside(Class<?> type) {
        return BESIDE.get(type);
    }

    Class<?> publisherType() {
        return publisher;
    }

    // ---- the application's publisher, seen by the agent

    Flow.Publisher<Object> toFlow(Object theirs) {
        return ours -> LibraryMethods.call(subscribe, theirs, proxyOf(ours));
    }

    private Object proxyOf(Flow.Subscriber<? super Object> ours) {
        Class<?> type = reactor == null ? subscriber : reactor.coreSubscriber();
        return Proxies.of(type, (name, arguments) -> {
            switch (name) {
                case "onSubscribe" -> ours.onSubscribe(new TheirSubscription(arguments[0]));
                case "onNext" -> ours.onNext(arguments[0]);
                case "onError" -> ours.onError((Throwable) arguments[0]);
                case "onComplete" -> ours.onComplete();
                case "currentContext" -> {
                    Object context = ours instanceof ScopedSubscription scoped ? scoped.context() : null;
                    return context == null ? reactor.emptyContext() : context;
                }
                default -> throw new UnsupportedOperationException(name);
            }
            return null;
        });
    }

    private final class TheirSubscription implements Flow.Subscription {

        private final Object theirs;

        TheirSubscription(Object theirs) {
            this.theirs = theirs;
        }

        @Override
        public void request(long n) {
            LibraryMethods.call(request, theirs, n);
        }

        @Override
        public void cancel() {
            LibraryMethods.call(cancel, theirs);
        }
    }

    // ---- the agent's publisher, seen by the application

    Object fromFlow(Flow.Publisher<Object> ours) {
        return Proxies.of(publisher, (name, arguments) -> {
            ours.subscribe(new TheirSubscriber(Objects.requireNonNull(arguments[0], "subscriber")));
            return null;
        });
    }

    private final class TheirSubscriber implements Flow.Subscriber<Object>, ContextualSubscriber {

        private final Object theirs;

        TheirSubscriber(Object theirs) {
            this.theirs = theirs;
        }

        @Override
        public void onSubscribe(Flow.Subscription ours) {
            Object seen = Proxies.of(subscription, (name, arguments) -> {
                if (name.equals("request")) {
                    ours.request((Long) arguments[0]);
                } else {
                    ours.cancel();
                }
                return null;
            });
            LibraryMethods.call(onSubscribe, theirs, seen);
        }

        @Override
        public void onNext(Object value) {
            LibraryMethods.call(onNext, theirs, value);
        }

        @Override
        public void onError(Throwable thrown) {
            LibraryMethods.call(onError, theirs, thrown);
        }

        @Override
        public void onComplete() {
            LibraryMethods.call(onComplete, theirs);
        }

        @Override
        public LockScope scope() {
            Object context = reactor == null ? null : reactor.contextOf(theirs);
            return context != null && reactor.get(context, CONTEXT_KEY) instanceof LockScope scope ? scope : null;
        }

        @Override
        public Object contextWith(LockScope scope) {
            Object context = reactor == null ? null : reactor.contextOf(theirs);
            return context == null || scope == null ? context : reactor.with(context, CONTEXT_KEY, scope);
        }
    }
}
