/**
 * The values that a lane stores: entries, calls, parked calls, attempts, dead letters, and their binary form. Reading
 * order: {@code EntryRecord}, {@code CallRecord}, {@code CallId}, {@code ParkedRecord}, {@code Attempts},
 * {@code CallOutcome}, {@code DeadLetter}, then {@code RecordWriter}.
 */
package io.floodlock.runtime.queue.record;
