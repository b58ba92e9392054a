package io.floodlock.runtime.tool;

/**
 * The result of one check of the {@code check} command. Immutable.
 *
 * @param subject the server or database, without password
 * @param name the checked property, in few words
 * @param value the value found
 * @param remedy the problem and the correction; empty if there is no problem
 */
public record Check(String subject, String name, State state, String value, String remedy) {

    /** The result of the check. */
    public enum State {
        FINE,
        /** A problem only if the application uses a feature, and nothing in this database shows that it does. */
        NOTE,
        FINDING,
        /** The user may not read the value. */
        UNKNOWN
    }

    static Check fine(String subject, String name, String value) {
        return new Check(subject, name, State.FINE, value, "");
    }

    static Check unknown(String subject, String name, String remedy) {
        return new Check(subject, name, State.UNKNOWN, "not readable", remedy);
    }

    static Check note(String subject, String name, String value, String remedy) {
        return new Check(subject, name, State.NOTE, value, remedy);
    }

    static Check finding(String subject, String name, String value, String remedy) {
        return new Check(subject, name, State.FINDING, value, remedy);
    }

    static Check of(String subject, String name, String value, boolean fine, String remedy) {
        return fine ? fine(subject, name, value) : finding(subject, name, value, remedy);
    }
}
