package io.floodlock.runtime.queue;

/**
 * What has gone wrong with a call so far, as stored beside its lane.
 *
 * @param failures of the body
 * @param crashes of JVMs that are laid to this call
 * @param run what is going on: nothing known, a run beside others, or a run alone in its JVM
 */
record Attempts(int failures, int crashes, Run run) {

    enum Run {
        NONE,
        /** Its JVM's death makes it a suspect. */
        BESIDE,
        /** Its JVM's death is its own doing. */
        ALONE
    }

    static final Attempts NO = new Attempts(0, 0, Run.NONE);

    int total() {
        return failures + crashes;
    }

    Attempts failed() {
        return new Attempts(failures + 1, crashes, Run.NONE);
    }

    Attempts running(Run how) {
        return new Attempts(failures, crashes, how);
    }

    /**
     * As a successor finds them after the owner died. A run beside others proves nothing by itself; once a run alone has
     * ended in a death too, the death before it is counted with it.
     */
    Attempts afterDeath() {
        return run == Run.ALONE ? new Attempts(failures, Math.max(2, crashes + 1), Run.BESIDE) : this;
    }

    @Override
    public String toString() {
        return failures + " " + crashes + " " + run.ordinal();
    }

    static Attempts parse(String text) {
        String[] parts = text.split(" ");
        try {
            return new Attempts(
                    Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Run.values()[Integer.parseInt(parts[2])]);
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new MalformedRecordException("'" + text + "' are no attempts", e);
        }
    }
}
