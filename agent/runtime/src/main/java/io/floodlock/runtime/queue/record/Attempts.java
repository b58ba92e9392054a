package io.floodlock.runtime.queue.record;

/**
 * The failed attempts of a call so far, as stored beside its lane.
 *
 * @param failures of the body
 * @param crashes of JVMs that are attributed to this call
 * @param run whether the call runs now, as far as is stored, and whether other calls run in the same JVM
 */
public record Attempts(int failures, int crashes, Run run) {

    public enum Run {
        NONE,
        /** Other calls run in the same JVM: if the JVM dies, this call is a suspect. */
        BESIDE,
        /** No other call runs in the same JVM: if the JVM dies, this call is the cause. */
        ALONE
    }

    /**
     * The most deaths of JVMs that a call may cause. Each costs the application a JVM, so the limit holds however many
     * attempts the method allows for failures of its body.
     */
    static final int MOST_CRASHES = 5;

    public static final Attempts NO = new Attempts(0, 0, Run.NONE);

    public int total() {
        return failures + crashes;
    }

    /** Whether the call may not run again, if its body may run {@code most} times. */
    public boolean areUsedUp(int most) {
        return total() >= most || crashes >= MOST_CRASHES;
    }

    public Attempts failed() {
        return new Attempts(failures + 1, crashes, Run.NONE);
    }

    public Attempts running(Run how) {
        return new Attempts(failures, crashes, how);
    }

    /**
     * The attempts as seen by the owner's successor after the owner died. A crash beside other calls proves nothing by
     * itself. After a crash in isolation the crash before it is counted too.
     */
    public Attempts afterDeath() {
        return run == Run.ALONE ? new Attempts(failures, Math.max(2, crashes + 1), Run.BESIDE) : this;
    }

    @Override
    public String toString() {
        return failures + " " + crashes + " " + run.ordinal();
    }

    public static Attempts parse(String text) {
        String[] parts = text.split(" ");
        try {
            return new Attempts(
                    Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Run.values()[Integer.parseInt(parts[2])]);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' is not a record of attempts", e);
        }
    }
}
