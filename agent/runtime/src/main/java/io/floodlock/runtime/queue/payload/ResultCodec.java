package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.queue.record.CallRecord;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Encodes and decodes a method's result by its declared type. {@code QueueSite} has one for its method. Thread-safe.
 */
public final class ResultCodec {

    private final String site;
    private final boolean returnsVoid;
    private final ObjectWriter writer;
    private final ObjectReader reader;

    /** @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if the method returns neither void nor a stage */
    public ResultCodec(Method method, ObjectMapper mapper) {
        this.site = method.getDeclaringClass().getName() + "." + method.getName();
        Class<?> returned = method.getReturnType();
        this.returnsVoid = returned == void.class;
        if (!returnsVoid && returned != CompletionStage.class && returned != CompletableFuture.class) {
            throw Failure.PAYLOAD.because(site + " can't be queued: it returns " + returned.getName()
                    + ", but the caller doesn't wait for the body; return void, CompletionStage or CompletableFuture");
        }
        JavaType type = returnsVoid
                ? mapper.constructType(Void.class)
                : mapper.constructType(method.getGenericReturnType()).containedTypeOrUnknown(0);
        try {
            new PayloadTypes(mapper.getTypeFactory()).check(type, "its result");
        } catch (IllegalArgumentException e) {
            throw Failure.PAYLOAD.because(site + " can't be queued: " + e.getMessage());
        }
        this.writer = mapper.writerFor(type);
        this.reader = mapper.readerFor(type);
    }

    public boolean returnsVoid() {
        return returnsVoid;
    }

    /**
     * @throws io.floodlock.runtime.failure.FloodlockFailure PAYLOAD if the value can't be serialized or is too large
     */
    public byte[] encode(Object value) {
        byte[] bytes;
        try {
            bytes = writer.writeValueAsBytes(value);
        } catch (IOException | RuntimeException e) {
            throw Failure.PAYLOAD.because(
                    "the result of " + site + " can't be serialized: " + PayloadErrors.unwritten(e), e);
        }
        if (bytes.length > CallRecord.LONGEST_PAYLOAD) {
            throw Failure.PAYLOAD.because("the result of " + site + " takes " + bytes.length + " bytes, but at most "
                    + CallRecord.LONGEST_PAYLOAD + " are allowed; store it elsewhere and return an id");
        }
        return bytes;
    }

    public Object decode(byte[] bytes) {
        try {
            return reader.readValue(bytes);
        } catch (IOException | IllegalArgumentException e) {
            throw Failure.PAYLOAD.because("the result of " + site + " can't be read: " + PayloadErrors.unread(e), e);
        }
    }
}
