package io.floodlock.runtime.key;

import io.floodlock.runtime.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * A template bound to one method or to given values: builds the key of a call. {@link KeyTemplate#bind} creates it
 * once per call site. A call uses no reflection. Thread-safe.
 */
public final class Key {

    /** Most characters of a key. A longer text is probably a payload, not a name. */
    static final int LONGEST = 1_000;

    /** Most keys of one call; each costs a round trip to Redis. */
    private static final int MOST = 1_000;

    private final String template;
    private final String form;
    private final String[] literals;
    private final KeyValue[] values;
    /** Index of the value that there is for each element of a collection; -1 if there is none. */
    private final int each;

    private final RecentTexts recent = new RecentTexts();

    Key(String template, String form, String[] literals, KeyValue[] values) {
        this.template = template;
        this.form = form;
        this.literals = literals;
        this.values = values;
        int found = values.length - 1;
        while (found >= 0 && !values[found].isEach()) {
            found--;
        }
        this.each = found;
    }

    /** Whether one call may have several keys or none; then {@link #all} builds them. */
    public boolean isEach() {
        return each >= 0;
    }

    /**
     * The keys of a call: one for each element of the collection that its {@code [*]} names, in the order of the
     * collection. Empty if the collection is empty.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY, with the element whose value can't be part
     *     of a key
     */
    public List<String> all(Object self, Object[] arguments) {
        Object[] read = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            read[i] = values[i].read(self, arguments);
        }
        Object[] elements = values[each].elements(read[each], MOST);
        List<String> keys = new ArrayList<>(elements.length);
        for (int index = 0; index < elements.length; index++) {
            read[each] = values[each].element(elements[index], index);
            StringBuilder out = new StringBuilder(32).append(literals[0]);
            for (int i = 0; i < values.length; i++) {
                values[i].append(out, read[i], index);
                out.append(literals[i + 1]);
            }
            keys.add(checked(out));
        }
        return keys;
    }

    /**
     * The key of a call.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY, with the path whose value can't be part of a
     *     key
     */
    public String of(Object self, Object[] arguments) {
        if (values.length == 0) {
            return literals[0];
        }
        Object first = values[0].read(self, arguments);
        if (values.length > 1 || !RecentTexts.suits(first)) {
            return text(first, self, arguments);
        }
        String known = recent.of(first);
        if (known != null) {
            return known;
        }
        String made = text(first, self, arguments);
        recent.remember(first, made);
        return made;
    }

    private String text(Object first, Object self, Object[] arguments) {
        StringBuilder out = new StringBuilder(32).append(literals[0]);
        for (int i = 0; i < values.length; i++) {
            values[i].append(out, i == 0 ? first : values[i].read(self, arguments));
            out.append(literals[i + 1]);
        }
        return checked(out);
    }

    private String checked(StringBuilder out) {
        if (out.length() > LONGEST) {
            throw Failure.INVALID_KEY.because("key \"" + template + "\" is " + out.length()
                    + " characters long with its values; at most " + LONGEST
                    + " are allowed: use an id instead of a text");
        }
        return out.toString();
    }

    /** As {@link KeyTemplate#form()}. */
    public String form() {
        return form;
    }

    @Override
    public String toString() {
        return template;
    }
}
