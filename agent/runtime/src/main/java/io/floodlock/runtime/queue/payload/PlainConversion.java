package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * Reads the plain form of a call that another version of the method made: its parameters have another order or other
 * types, or are others. A value goes to another type by way of CBOR, so that the same changes of a type can be read in
 * either form: a wider number for a number, an enum for its name. {@link ArgumentsCodec} uses it. Thread-safe.
 */
final class PlainConversion {

    private final CallParameters parameters;
    private final ObjectMapper mapper;

    PlainConversion(CallParameters parameters, ObjectMapper mapper) {
        this.parameters = parameters;
        this.mapper = mapper;
    }

    Object[] decode(byte[] bytes) throws IncompatibleCallException {
        PlainReader in = new PlainReader(bytes, 1);
        PlainParameter[] stored = new PlainParameter[(int) in.number(PlainArguments.MOST_PARAMETERS)];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = PlainParameter.described(in);
        }
        Object[] values = new Object[stored.length];
        for (int i = 0; i < stored.length; i++) {
            values[i] = stored[i].read(in);
        }
        in.end();
        ArgumentSlots slots = new ArgumentSlots(parameters);
        for (int i = 0; i < stored.length; i++) {
            int index = slots.take(stored[i].name());
            slots.fill(index, values[i] == null ? null : converted(values[i], stored[i], index));
        }
        return slots.complete();
    }

    private Object converted(Object value, PlainParameter stored, int index) throws IncompatibleCallException {
        PlainParameter own =
                PlainParameter.of(parameters.name(index), parameters.type(index).getRawClass());
        if (own != null && own.kind() == stored.kind()) {
            return value;
        }
        try {
            return mapper.readerFor(parameters.type(index)).readValue(mapper.writeValueAsBytes(value));
        } catch (IOException | RuntimeException e) {
            // the value is left out: a message never holds one
            throw new IncompatibleCallException("its parameter " + parameters.name(index) + " has type "
                    + stored.type().getSimpleName() + ", which this version of " + parameters.site()
                    + " can't read as " + parameters.type(index).getRawClass().getSimpleName());
        }
    }
}
