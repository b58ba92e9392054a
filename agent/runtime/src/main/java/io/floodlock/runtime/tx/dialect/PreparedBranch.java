package io.floodlock.runtime.tx.dialect;

/**
 * A prepared branch as the server lists it.
 *
 * @param ageMillis the time since PREPARE, by the server's clock
 * @param owner the role that prepared it; null if the role was dropped
 * @param lister the role that listed it
 * @param ours whether that role may finish it
 */
public record PreparedBranch(String name, long ageMillis, String owner, String lister, boolean ours) {}
