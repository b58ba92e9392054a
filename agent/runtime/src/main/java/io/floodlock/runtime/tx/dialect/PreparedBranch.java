package io.floodlock.runtime.tx.dialect;

/**
 * A prepared branch as the server lists it.
 *
 * @param asked the role that asked
 * @param ours whether that role may finish it
 */
public record PreparedBranch(String name, long ageMillis, String owner, String asked, boolean ours) {}
