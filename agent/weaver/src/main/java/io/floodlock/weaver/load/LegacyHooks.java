package io.floodlock.weaver.load;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.Operation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.sql.Connection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Runs the hooks of classes whose class files are too old for {@code invokedynamic}. Each hook is linked at the first
 * call for its class and operation, and kept as long as the class. A call costs a stack walk, about a microsecond.
 * {@code FloodlockDispatcher.hook} calls it. Thread-safe.
 */
final class LegacyHooks implements Function<Object[], Object> {

    private static final MethodType WITH_SELF = MethodType.methodType(void.class, Object.class);

    private final ClassValue<Map<String, MethodHandle>> linked = new ClassValue<>() {
        @Override
        protected Map<String, MethodHandle> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    private final AgentRuntime runtime;
    private final Function<Class<?>, MethodHandles.Lookup> lookups;

    LegacyHooks(AgentRuntime runtime, Function<Class<?>, MethodHandles.Lookup> lookups) {
        this.runtime = runtime;
        this.lookups = lookups;
    }

    /** @param call the calling class, the instance, its argument or null, the operation, in this order */
    @Override
    public Object apply(Object[] call) {
        Class<?> caller = (Class<?>) call[0];
        MethodHandle hook = linked.get(caller).computeIfAbsent((String) call[3], operation -> link(caller, operation));
        try {
            return hook.invokeExact(call[1], call[2]);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable checked) {
            throw new IllegalStateException("a hook throws no checked exceptions", checked);
        }
    }

    private MethodHandle link(Class<?> caller, String operation) {
        // Connection is used here and not in a constant, because a Java runtime without JDBC has no such type and no
        // such hook
        MethodType type = operation.equals(Operation.STATEMENT)
                ? WITH_SELF
                : MethodType.methodType(Connection.class, Object.class, Connection.class);
        MethodHandle site = runtime.link(lookups.apply(caller), operation, type).dynamicInvoker();
        MethodHandle both = type == WITH_SELF ? MethodHandles.dropArguments(site, 1, Object.class) : site;
        return both.asType(MethodType.genericMethodType(2));
    }
}
