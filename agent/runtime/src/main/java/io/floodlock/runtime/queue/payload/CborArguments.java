package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The form that takes parameters of any type: a CBOR map with one field per parameter. Within a value, unknown fields
 * are ignored and missing fields get their default. {@link ArgumentsCodec} uses it. Thread-safe.
 */
final class CborArguments {

    /** The first byte: it begins a CBOR map that doesn't state its length, as Jackson writes all of them. */
    static final int FORM = 0xbf;

    private final CallParameters parameters;
    private final JsonFactory factory;
    private final ObjectWriter[] writers;
    private final ObjectReader[] readers;

    CborArguments(CallParameters parameters, ObjectMapper mapper) {
        this.parameters = parameters;
        this.factory = mapper.getFactory();
        writers = new ObjectWriter[parameters.count()];
        readers = new ObjectReader[parameters.count()];
        for (int i = 0; i < parameters.count(); i++) {
            writers[i] = mapper.writerFor(parameters.type(i));
            readers[i] = mapper.readerFor(parameters.type(i));
        }
    }

    byte[] encode(Object[] arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        int at = 0;
        try (JsonGenerator out = factory.createGenerator(bytes)) {
            out.writeStartObject();
            for (; at < writers.length; at++) {
                out.writeFieldName(parameters.name(at));
                writers[at].writeValue(out, arguments[at]);
            }
            out.writeEndObject();
        } catch (IOException | RuntimeException e) {
            throw parameters.unwritten(at, PayloadErrors.unwritten(e), e);
        }
        parameters.checkSize(bytes.size());
        return bytes.toByteArray();
    }

    Object[] decode(byte[] bytes) throws IncompatibleCallException {
        ArgumentSlots slots = new ArgumentSlots(parameters);
        try (JsonParser in = factory.createParser(bytes)) {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedRecordException("the arguments are not an object");
            }
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                int index = slots.take(name);
                slots.fill(index, in.nextToken() == JsonToken.VALUE_NULL ? null : readers[index].readValue(in));
            }
            if (in.currentToken() != JsonToken.END_OBJECT || in.nextToken() != null) {
                throw new MalformedRecordException("the arguments don't end, or bytes follow their end");
            }
        } catch (MalformedRecordException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Jackson wraps what the application's constructors throw, but not what java.time does
            throw new MalformedRecordException(PayloadErrors.unread(e), e);
        }
        return slots.complete();
    }
}
