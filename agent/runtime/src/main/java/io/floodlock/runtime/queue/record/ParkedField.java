package io.floodlock.runtime.queue.record;

/**
 * The name of the hash field that stores a parked call. It contains a number, which gives the call's order, and the
 * key, so that a takeover need not read the calls themselves. The value of the field is a {@link ParkedRecord}.
 *
 * @param key null for a call without key
 */
public record ParkedField(long number, String key) {

    public static ParkedField parse(String field) {
        int colon = field.indexOf(':');
        try {
            long number = Long.parseLong(field.substring(0, colon));
            return new ParkedField(number, field.charAt(colon + 1) == 'k' ? field.substring(colon + 2) : null);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("the field is not that of a parked call", e);
        }
    }

    @Override
    public String toString() {
        return number + (key == null ? ":-" : ":k" + key);
    }
}
