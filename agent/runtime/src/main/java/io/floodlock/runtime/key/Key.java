package io.floodlock.runtime.key;

import io.floodlock.runtime.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/** A template bound to one method: builds the key of a call. Thread-safe. */
public final class Key {

    /** Keys are names, not documents: one this long is a payload that went astray. */
    static final int LONGEST = 1_000;

    /** Of one call; each costs a round trip to Redis. */
    private static final int MOST = 1_000;

    private final String template;
    private final String form;
    private final String[] literals;
    private final KeyValue[] values;
    /** Which value there is for each element of a collection; -1 for none. */
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

    /** Whether one call may have several keys, or none: then {@link #all} makes them. */
    public boolean isEach() {
        return each >= 0;
    }

    /**
     * The keys of a call, one for each element of the collection that its {@code [*]} names, in the collection's order; none
     * where that is empty.
     *
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY, naming the element whose value can't be a key's part
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
     * @throws io.floodlock.runtime.failure.FloodlockFailure INVALID_KEY, naming the path whose value can't be a key's part
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
            throw Failure.INVALID_KEY.because("key \"" + template + "\" came out " + out.length()
                    + " characters long; at most " + LONGEST + " are allowed: use an id rather than a text");
        }
        return out.toString();
    }

    /** {@link KeyTemplate#form()}. */
    public String form() {
        return form;
    }

    @Override
    public String toString() {
        return template;
    }
}
