package io.floodlock.examples.chaos;

/**
 * One section under a lock that was not lost before the section ended, as the ledger recorded it.
 *
 * @param entered nanoseconds of the machine's monotonic clock, as {@code left}
 */
record Section(String key, boolean shared, int jvm, long entered, long left) {

    boolean excludes(Section other) {
        return !(shared && other.shared) && entered < other.left && other.entered < left;
    }
}
