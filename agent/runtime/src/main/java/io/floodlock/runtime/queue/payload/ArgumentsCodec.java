package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.runtime.queue.record.MalformedRecordException;
import java.lang.reflect.Method;

/**
 * Encodes and decodes the arguments of one method; {@code QueueSite} has one. There are two forms, told apart by their
 * first byte: {@link PlainArguments} where each parameter is a text, a byte array, a primitive or a box, as a parser
 * costs more than such values; {@link CborArguments} for any other method. Each form can be
 * read by every version of the method. Arguments belong to parameters by name; parameters must match exactly, so that
 * no parameter silently becomes 0 and no argument is silently dropped. Thread-safe.
 */
public final class ArgumentsCodec {

    private final PlainArguments plain;
    private final PlainConversion conversion;
    private final CborArguments cbor;

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if a parameter's type can't be serialized */
    public ArgumentsCodec(Method method, ObjectMapper mapper) {
        CallParameters parameters = new CallParameters(method, mapper);
        plain = PlainArguments.of(parameters);
        conversion = new PlainConversion(parameters, mapper);
        cbor = new CborArguments(parameters, mapper);
    }

    /**
     * @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if a value can't be serialized, or the total is too
     *     large
     */
    public byte[] encode(Object[] arguments) {
        return plain != null ? plain.encode(arguments) : cbor.encode(arguments);
    }

    /**
     * @throws IncompatibleCallException if the call was made for other parameters
     * @throws MalformedRecordException if the bytes are not encoded arguments, or a value doesn't have its parameter's
     *     type
     */
    public Object[] decode(byte[] bytes) throws IncompatibleCallException {
        try {
            return read(bytes);
        } catch (MalformedRecordException e) {
            throw new MalformedRecordException("the arguments can't be read: " + e.getMessage(), e);
        }
    }

    private Object[] read(byte[] bytes) throws IncompatibleCallException {
        if (plain != null && plain.describes(bytes)) {
            return plain.decode(bytes);
        }
        int form = bytes.length == 0 ? -1 : bytes[0] & 0xff;
        return switch (form) {
            case PlainArguments.FORM -> conversion.decode(bytes);
            case CborArguments.FORM -> cbor.decode(bytes);
            default ->
                throw new MalformedRecordException(
                        form < 0 ? "the arguments are missing" : "the arguments have the unknown form " + form);
        };
    }
}
