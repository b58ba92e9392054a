package io.floodlock.weaver;

import io.floodlock.runtime.call.spec.AgentRuntime;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.DeclaredTypes;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Writes down what woven code asks, and answers as a test says. */
final class RecordingRuntime implements AgentRuntime {

    final List<String> events = new ArrayList<>();
    final List<CallSpec> woven = new ArrayList<>();
    final List<Boolean> awaiting = new ArrayList<>();

    /** Takes the site's arguments; answers null unless set. */
    final Map<String, Function<Object[], Object>> answers = new ConcurrentHashMap<>();

    IllegalArgumentException refusal;

    /** Writes nothing down: a woven toString would be asked by its own recording. */
    boolean quiet;

    @Override
    public void check(CallSpec spec, DeclaredTypes types) {
        if (refusal != null) {
            throw refusal;
        }
    }

    @Override
    public void woven(ClassLoader loader, CallSpec spec, boolean awaitsInitialization) {
        woven.add(spec);
        awaiting.add(awaitsInitialization);
    }

    @Override
    public CallSite link(MethodHandles.Lookup caller, String operation, MethodType type, Object... constants) {
        String name = constants.length == 0
                ? operation
                : operation + " "
                        + CallSpec.fromConstants(Arrays.stream(constants)
                                        .map(String.class::cast)
                                        .toList())
                                .method();
        try {
            MethodHandle answer = MethodHandles.lookup()
                    .bind(
                            this,
                            "answer",
                            MethodType.methodType(Object.class, String.class, String.class, Object[].class));
            return new ConstantCallSite(MethodHandles.insertArguments(answer, 0, operation, name)
                    .asCollector(Object[].class, type.parameterCount())
                    .asType(type));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(operation, e);
        }
    }

    Object answer(String operation, String name, Object[] arguments) {
        if (quiet) {
            return byDefault(operation, arguments);
        }
        StringBuilder event = new StringBuilder(name);
        for (Object argument : arguments) {
            event.append(' ').append(argument instanceof Object[] array ? Arrays.toString(array) : shown(argument));
        }
        events.add(event.toString());
        Function<Object[], Object> answer = answers.get(operation);
        return answer == null ? byDefault(operation, arguments) : answer.apply(arguments);
    }

    private static Object byDefault(String operation, Object[] arguments) {
        return switch (operation) {
            case "enter" -> "permit";
            case "connection", "leave" -> arguments[1];
            case "fencingToken", "fencingTokenOf" -> 0L;
            default -> null;
        };
    }

    private static String shown(Object value) {
        return value == null || value instanceof String || value instanceof Throwable
                ? String.valueOf(value)
                : value.getClass().getSimpleName();
    }
}
