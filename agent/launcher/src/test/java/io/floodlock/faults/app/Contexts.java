package io.floodlock.faults.app;

import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.micrometer.context.ContextRegistry;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SubmissionPublisher;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/** Bodies that look at what libraries keep with the thread of a call. */
public final class Contexts {

    private static final ContextKey<String> TRACED = ContextKey.named("traced");
    private static final ThreadLocal<String> REGISTERED = new ThreadLocal<>();
    private static final ThreadLocal<String> PLAIN = new ThreadLocal<>();
    private static final Class<?> MDC;

    static {
        ContextRegistry.getInstance().registerThreadLocalAccessor("registered", REGISTERED);
        try {
            MDC = Class.forName("org.slf4j.MDC", false, Contexts.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Contexts() {}

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static CompletableFuture<String> look(String item) throws Exception {
        String seen = seen();
        // what a body leaves behind
        MDC.getMethod("put", String.class, String.class).invoke(null, "user", "left by " + item);
        return CompletableFuture.completedFuture(seen);
    }

    @PessimisticLock(key = "item:{item}", waitTime = "1m")
    static Flow.Publisher<String> publish(String item) {
        return subscriber -> {
            SubmissionPublisher<String> publisher = new SubmissionPublisher<>(Runnable::run, 1);
            publisher.subscribe(subscriber);
            publisher.submit(seen());
            publisher.close();
        };
    }

    /** What the body of a stored call has seen last. */
    private static final BlockingQueue<String> STORED = new LinkedBlockingQueue<>();

    @Queued(queue = "contexts", name = "look")
    static void lookLater() {
        STORED.add(seen());
    }

    @Queued(queue = "contexts", name = "lookAway")
    static void lookAway() {
        STORED.add("nothing");
    }

    static String lookLaterAs(String user) throws Exception {
        return as(user, "none", () -> {
            lookLater();
            return CompletableFuture.completedFuture(STORED.take());
        });
    }

    /** The state of the application's logging, which has written nothing. */
    static String loggingAfterACall() throws Exception {
        lookAway();
        STORED.take();
        Field state = Class.forName("org.slf4j.LoggerFactory").getDeclaredField("INITIALIZATION_STATE");
        state.setAccessible(true);
        return "state " + state.get(null);
    }

    private static String seen() {
        try {
            Authentication user = SecurityContextHolder.getContext().getAuthentication();
            return "mdc " + MDC.getMethod("get", String.class).invoke(null, "user")
                    + ", security " + (user == null ? null : user.getName())
                    + ", traced " + Context.current().get(TRACED)
                    + ", registered " + REGISTERED.get()
                    + ", loader " + (Thread.currentThread().getContextClassLoader() instanceof URLClassLoader)
                    + ", plain " + PLAIN.get();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Calls as that user, and answers what the body has seen. */
    static String lookAs(String user, String item) throws Exception {
        return as(user, item, () -> look(item));
    }

    static String publishAs(String user, String item) throws Exception {
        return as(user, item, () -> {
            CompletableFuture<String> first = new CompletableFuture<>();
            publish(item).subscribe(new First(first));
            return first;
        });
    }

    private interface Asking {
        CompletableFuture<String> ask() throws Exception;
    }

    private static String as(String user, String item, Asking asking) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader loader = thread.getContextClassLoader();
        thread.setContextClassLoader(new URLClassLoader(new URL[0], loader));
        MDC.getMethod("put", String.class, String.class).invoke(null, "user", user);
        SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken(user, "secret"));
        REGISTERED.set(user);
        PLAIN.set(user);
        try (Scope scope = Context.current().with(TRACED, user).makeCurrent()) {
            CompletableFuture<String> asked = asking.ask();
            Console.say("asked " + item);
            return asked.join();
        } finally {
            thread.setContextClassLoader(loader);
            MDC.getMethod("clear").invoke(null);
            SecurityContextHolder.clearContext();
            REGISTERED.remove();
            PLAIN.remove();
        }
    }

    /** Calls as nobody. */
    static String lookAsNobody(String item) throws Exception {
        CompletableFuture<String> asked = look(item);
        Console.say("asked " + item);
        return asked.join();
    }

    private record First(CompletableFuture<String> value) implements Flow.Subscriber<String> {

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String seen) {
            value.complete(seen);
        }

        @Override
        public void onError(Throwable thrown) {
            value.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {}
    }
}
