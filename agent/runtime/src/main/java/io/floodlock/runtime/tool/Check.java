package io.floodlock.runtime.tool;

/**
 * One thing that was looked at.
 *
 * @param subject the server or database, as it may be shown
 * @param name of what was looked at, in few words
 * @param value what was found
 * @param remedy what is wrong with it and what to do; empty where it is fine
 */
public record Check(String subject, String name, State state, String value, String remedy) {

    /** What came of it. */
    public enum State {
        FINE,
        /** It should be mended where a feature is in use of which nothing shows here. */
        NOTE,
        FINDING,
        /** The user may not ask. */
        UNKNOWN
    }

    static Check fine(String subject, String name, String value) {
        return new Check(subject, name, State.FINE, value, "");
    }

    static Check unknown(String subject, String name, String remedy) {
        return new Check(subject, name, State.UNKNOWN, "not told", remedy);
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
