package io.floodlock.weaver.load;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.util.function.Function;

/**
 * Defines the class that woven code calls. It stands in {@code java.lang}, put there with supported API only: the agent
 * opens that package to its own module and defines the class through a lookup. The bootstrap class path would be the other
 * way; it costs the application its class data sharing, and a warning.
 */
public final class Dispatcher {

    public static final String NAME = "java/lang/FloodlockDispatcher";

    private static final String BYTES = "FloodlockDispatcher.bytes";

    private Dispatcher() {}

    /** @param lookups for classes too old to bring their own */
    public static void define(
            Instrumentation instrumentation, AgentRuntime runtime, Function<Class<?>, MethodHandles.Lookup> lookups) {
        ModuleOpener.open(instrumentation, Object.class);
        try {
            Class<?> dispatcher = MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup())
                    .defineClass(bytes());
            set(dispatcher, "linker", new Linker(runtime));
            set(dispatcher, "hooks", new LegacyHooks(runtime, lookups));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the agent's dispatcher class can't be defined", e);
        }
    }

    private static void set(Class<?> dispatcher, String field, Function<Object[], Object> value)
            throws ReflectiveOperationException {
        Field target = dispatcher.getDeclaredField(field);
        target.setAccessible(true);
        target.set(null, value);
    }

    private static byte[] bytes() {
        try (InputStream in = Dispatcher.class.getResourceAsStream(BYTES)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the dispatcher knows of the runtime: a JDK type, as it sees nothing else. */
    private static final class Linker implements Function<Object[], Object> {

        private final AgentRuntime runtime;

        Linker(AgentRuntime runtime) {
            this.runtime = runtime;
        }

        @Override
        public Object apply(Object[] bootstrap) {
            String operation = (String) bootstrap[1];
            CallSite site = runtime.link(
                    (MethodHandles.Lookup) bootstrap[0], operation, (MethodType) bootstrap[2], (Object[]) bootstrap[3]);
            return operation.equals(Operation.CONSTRUCTED) ? OutermostConstructor.only(site) : site;
        }
    }
}
