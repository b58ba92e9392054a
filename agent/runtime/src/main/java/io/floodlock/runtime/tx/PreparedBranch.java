package io.floodlock.runtime.tx;

/**
 * A prepared branch as the server lists it.
 *
 * @param asked the role that asked
 * @param ours whether that role may finish it
 */
record PreparedBranch(String name, long ageMillis, String owner, String asked, boolean ours) {}
