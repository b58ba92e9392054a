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
 * Defines {@code java.lang.FloodlockDispatcher}, the class that woven code calls, and connects it to the runtime. It
 * uses supported API only: the agent opens {@code java.lang} to its own module and defines the class through a
 * lookup. The alternative is the bootstrap class path, which would disable class data sharing for the application and
 * cause a warning.
 */
public final class Dispatcher {

    public static final String NAME = "java/lang/FloodlockDispatcher";

    private static final String BYTES = "FloodlockDispatcher.bytes";

    private Dispatcher() {}

    /**
     * Called once, before the first class is woven.
     *
     * @param lookups gives lookups for calling classes whose class files are too old for {@code invokedynamic}, and
     *     which therefore supply none
     */
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

    /**
     * Links call sites through the runtime. The dispatcher holds it as a {@code Function}, because it can see JDK
     * types only.
     */
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
