package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallRecord;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;

/**
 * The parameters of one method, as all forms of its arguments know them. A parameter has its name if the class file
 * contains names, else its index. Thread-safe.
 */
final class CallParameters {

    private final String site;
    private final String[] names;
    private final JavaType[] types;
    private final Map<String, Integer> indexes = new HashMap<>();

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if a parameter's type can't be serialized */
    CallParameters(Method method, ObjectMapper mapper) {
        site = method.getDeclaringClass().getName() + "." + method.getName();
        Parameter[] parameters = method.getParameters();
        Type[] declared = method.getGenericParameterTypes();
        names = new String[parameters.length];
        types = new JavaType[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            names[i] = parameters[i].isNamePresent() ? parameters[i].getName() : "#" + i;
            indexes.put(names[i], i);
            types[i] = mapper.constructType(declared[i]);
            try {
                new PayloadTypes(mapper.getTypeFactory()).check(types[i], "parameter " + names[i]);
            } catch (IllegalArgumentException e) {
                throw Failure.PAYLOAD.because(site + " can't be queued: " + e.getMessage());
            }
        }
    }

    String site() {
        return site;
    }

    int count() {
        return names.length;
    }

    String name(int index) {
        return names[index];
    }

    JavaType type(int index) {
        return types[index];
    }

    /** Null if the method has no parameter of this name. */
    Integer index(String name) {
        return indexes.get(name);
    }

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if so many bytes are too many */
    void checkSize(long bytes) {
        if (bytes > CallRecord.LONGEST_PAYLOAD) {
            throw Failure.PAYLOAD.because(site + " was not queued: its arguments take " + bytes + " bytes, but at most "
                    + CallRecord.LONGEST_PAYLOAD + " are allowed; store the content elsewhere and pass an id");
        }
    }

    /** The failure of a call whose arguments can't be written; the last parameter stands for what follows it. */
    FloodlockFailure unwritten(int index, String why, Exception e) {
        String argument = names.length == 0 ? "" : "argument " + names[Math.min(index, names.length - 1)] + " ";
        return Failure.PAYLOAD.because(site + " was not queued: " + argument + "can't be serialized: " + why, e);
    }
}
