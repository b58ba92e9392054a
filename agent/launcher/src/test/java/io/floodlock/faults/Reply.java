package io.floodlock.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What a call returned or threw.
 *
 * @param thrown the exception's class name; null where the call returned
 * @param text the result, or the exception's message
 * @param more the exception's causes and what it suppressed
 */
public record Reply(String thrown, String text, String more) {

    public static Reply parse(String line) {
        String[] words = line.split("\t", -1);
        return words[1].equals("=") ? new Reply(null, words[2], "") : new Reply(words[2], words[3], words[4]);
    }

    /** The result of a call that must have returned. */
    public String value() {
        assertEquals(null, thrown, () -> "the call threw " + this);
        return text;
    }

    /** The message of a call that must have thrown exactly that class; it contains each of these parts. */
    public String threw(Class<? extends Throwable> wanted, String... parts) {
        return threwNamed(wanted.getName(), parts);
    }

    /** As {@link #threw}, for a class that only the forked JVM has. */
    public String threwNamed(String wanted, String... parts) {
        assertEquals(wanted, thrown, this::toString);
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "no '" + part + "' in " + this);
        }
        return text;
    }
}
