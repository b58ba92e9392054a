package io.floodlock.runtime.queue.payload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;

/**
 * Makes the reason that a message gives for a value that could not be serialized. It names the value's place and type,
 * never its content. {@link CborArguments}, {@link PlainArguments} and {@link ResultCodec} use it.
 */
public final class PayloadErrors {

    private PayloadErrors() {}

    /** Describes a value that could not be written. */
    static String unwritten(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof StreamConstraintsException) {
                return "it is nested more than " + PayloadMapper.DEEPEST
                        + " deep, or refers to itself, as entities with references to each other do;"
                        + " pass an id, or a record with the values that the call needs";
            }
        }
        return reason(e);
    }

    /** Describes bytes that could not be read, without the values in them, which Jackson's messages repeat. */
    static String unread(Throwable e) {
        if (e instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return "a value does not have the type " + mismatch.getTargetType().getTypeName();
        }
        return e.getClass().getName();
    }

    public static String reason(Throwable e) {
        String text = e instanceof JsonProcessingException json ? json.getOriginalMessage() : ExceptionText.of(e);
        int line = text.indexOf('\n');
        String first = line < 0 ? text : text.substring(0, line);
        return first.length() <= 300 ? first : first.substring(0, 300) + "..";
    }
}
