package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallRecord;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.Map;

/**
 * Encodes and decodes the arguments of one method, as an object with one field per parameter; {@code QueueSite} has
 * one. The field has the parameter's name if the class file contains names, else its index. Within a value, unknown
 * fields are ignored and missing fields get their default. Parameters must match exactly, so that no parameter silently
 * becomes 0 and no argument is silently dropped. Thread-safe.
 */
public final class ArgumentsCodec {

    private final String site;
    private final ObjectMapper mapper;
    private final String[] names;
    private final boolean[] primitive;
    private final ObjectWriter[] writers;
    private final ObjectReader[] readers;
    private final Map<String, Integer> indexes = new HashMap<>();

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if a parameter's type can't be serialized */
    public ArgumentsCodec(Method method, ObjectMapper mapper) {
        this.site = method.getDeclaringClass().getName() + "." + method.getName();
        this.mapper = mapper;
        Parameter[] parameters = method.getParameters();
        Type[] types = method.getGenericParameterTypes();
        names = new String[parameters.length];
        primitive = new boolean[parameters.length];
        writers = new ObjectWriter[parameters.length];
        readers = new ObjectReader[parameters.length];
        for (int i = 0; i < parameters.length; i++) {
            names[i] = parameters[i].isNamePresent() ? parameters[i].getName() : "#" + i;
            indexes.put(names[i], i);
            primitive[i] = parameters[i].getType().isPrimitive();
            JavaType type = mapper.constructType(types[i]);
            try {
                new PayloadTypes(mapper.getTypeFactory()).check(type, "parameter " + names[i]);
            } catch (IllegalArgumentException e) {
                throw Failure.PAYLOAD.because(site + " can't be queued: " + e.getMessage());
            }
            writers[i] = mapper.writerFor(type);
            readers[i] = mapper.readerFor(type);
        }
    }

    /**
     * @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if a value can't be serialized, or the total is too
     *     large
     */
    public byte[] encode(Object[] arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        int at = 0;
        try (JsonGenerator out = mapper.getFactory().createGenerator(bytes)) {
            out.writeStartObject();
            for (; at < names.length; at++) {
                out.writeFieldName(names[at]);
                writers[at].writeValue(out, arguments[at]);
            }
            out.writeEndObject();
        } catch (IOException | RuntimeException e) {
            throw Failure.PAYLOAD.because(
                    site + " was not queued: argument " + names[Math.min(at, names.length - 1)]
                            + " can't be serialized: " + PayloadErrors.unwritten(e),
                    e);
        }
        if (bytes.size() > CallRecord.LONGEST_PAYLOAD) {
            throw Failure.PAYLOAD.because(
                    site + " was not queued: its arguments take " + bytes.size() + " bytes, but at most "
                            + CallRecord.LONGEST_PAYLOAD + " are allowed; store the content elsewhere and pass an id");
        }
        return bytes.toByteArray();
    }

    /**
     * @throws IncompatibleCallException if the call was made for other parameters
     * @throws MalformedRecordException if the bytes are not encoded arguments, or a value doesn't have its parameter's
     *     type
     */
    public Object[] decode(byte[] bytes) throws IncompatibleCallException {
        Object[] arguments = new Object[names.length];
        boolean[] present = new boolean[names.length];
        try (JsonParser in = mapper.getFactory().createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedRecordException("the arguments are not an object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                Integer index = indexes.get(name);
                if (index == null) {
                    throw new IncompatibleCallException("it has a parameter that this version of " + site + " lacks");
                }
                if (present[index]) {
                    throw new MalformedRecordException("parameter " + name + " occurs twice");
                }
                present[index] = true;
                arguments[index] = in.nextToken() == JsonToken.VALUE_NULL ? null : readers[index].readValue(in);
            }
            if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
                throw new MalformedRecordException("the arguments don't end, or bytes follow their end");
            }
        } catch (MalformedRecordException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Jackson wraps what the application's constructors throw, but not what java.time does
            throw new MalformedRecordException("the arguments can't be read: " + PayloadErrors.reason(e), e);
        }
        for (int i = 0; i < names.length; i++) {
            if (!present[i] || primitive[i] && arguments[i] == null) {
                throw new IncompatibleCallException("it has no parameter " + names[i] + ", which " + site + " needs");
            }
        }
        return arguments;
    }
}
