package io.floodlock.runtime.queue.payload;

import io.floodlock.runtime.queue.record.MalformedRecordException;

/**
 * The arguments of one stored call while they are decoded by name. Parameters must match exactly, so that no parameter
 * silently becomes 0 and no argument is silently dropped. Not thread-safe.
 */
final class ArgumentSlots {

    private final CallParameters parameters;
    private final Object[] arguments;
    private final boolean[] present;

    ArgumentSlots(CallParameters parameters) {
        this.parameters = parameters;
        this.arguments = new Object[parameters.count()];
        this.present = new boolean[parameters.count()];
    }

    /**
     * The index of a stored parameter, which is taken from now on.
     *
     * @throws IncompatibleCallException if the method has no such parameter
     */
    int take(String name) throws IncompatibleCallException {
        Integer index = parameters.index(name);
        if (index == null) {
            throw new IncompatibleCallException(
                    "it has a parameter that this version of " + parameters.site() + " lacks");
        }
        if (present[index]) {
            throw new MalformedRecordException("parameter " + name + " occurs twice");
        }
        present[index] = true;
        return index;
    }

    void fill(int index, Object argument) {
        arguments[index] = argument;
    }

    /** @throws IncompatibleCallException if a parameter is missing */
    Object[] complete() throws IncompatibleCallException {
        for (int i = 0; i < arguments.length; i++) {
            if (!present[i] || arguments[i] == null && parameters.type(i).isPrimitive()) {
                throw new IncompatibleCallException(
                        "it has no parameter " + parameters.name(i) + ", which " + parameters.site() + " needs");
            }
        }
        return arguments;
    }
}
