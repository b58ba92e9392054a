package io.floodlock.runtime.queue.payload;

import java.util.Arrays;

/**
 * The form for methods whose parameters are all of a {@link PlainKind}. It is made for speed: one array, no parser and
 * no look-up by name. {@link ArgumentsCodec} uses it. Thread-safe.
 */
final class PlainArguments {

    /*
     * The form's byte, the number of parameters, each one's type and name, then the values in the same order. All but
     * the values is the same for every call of a method, and is compared as a whole: where it is equal, the values are
     * those of this version's parameters. PlainConversion reads the calls of other versions.
     */

    /** The first byte. CBOR begins a number with it, never a map. */
    static final int FORM = 0x01;

    /** As many as a method may have. */
    static final int MOST_PARAMETERS = 255;

    private final CallParameters parameters;
    private final PlainParameter[] plain;
    private final byte[] description;

    private PlainArguments(CallParameters parameters, PlainParameter[] plain) {
        this.parameters = parameters;
        this.plain = plain;
        int size = 1 + PlainWriter.size(plain.length);
        for (PlainParameter parameter : plain) {
            size += parameter.descriptionSize();
        }
        description = new byte[size];
        PlainWriter out = new PlainWriter(description, 0);
        out.octet(FORM);
        out.number(plain.length);
        for (PlainParameter parameter : plain) {
            parameter.describe(out);
        }
    }

    /** Null if a parameter's values have no plain form. */
    static PlainArguments of(CallParameters parameters) {
        PlainParameter[] plain = new PlainParameter[parameters.count()];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = PlainParameter.of(parameters.name(i), parameters.type(i).getRawClass());
            if (plain[i] == null) {
                return null;
            }
        }
        return new PlainArguments(parameters, plain);
    }

    byte[] encode(Object[] arguments) {
        long[] contents = new long[plain.length];
        long size = description.length;
        int at = 0;
        try {
            for (; at < plain.length; at++) {
                contents[at] = plain[at].content(arguments[at]);
                size += plain[at].size(arguments[at], contents[at]);
            }
        } catch (IllegalArgumentException e) {
            throw parameters.unwritten(at, e.getMessage(), e);
        } catch (RuntimeException e) {
            throw parameters.unwritten(at, PayloadErrors.unwritten(e), e);
        }
        parameters.checkSize(size);
        byte[] bytes = Arrays.copyOf(description, (int) size);
        PlainWriter out = new PlainWriter(bytes, description.length);
        for (int i = 0; i < plain.length; i++) {
            plain[i].write(arguments[i], (int) contents[i], out);
        }
        return bytes;
    }

    /** Whether the call was made for parameters with these names and types, in this order. */
    boolean describes(byte[] bytes) {
        int end = description.length;
        return bytes.length >= end && Arrays.equals(bytes, 0, end, description, 0, end);
    }

    /** @param bytes that {@link #describes} accepts */
    Object[] decode(byte[] bytes) {
        PlainReader in = new PlainReader(bytes, description.length);
        Object[] arguments = new Object[plain.length];
        for (int i = 0; i < plain.length; i++) {
            arguments[i] = plain[i].read(in);
        }
        in.end();
        return arguments;
    }
}
