package io.floodlock.weaver.tool;

/**
 * How much of an archive is read before it is taken for a hostile one. Far above what applications have; what is counted is
 * unpacked.
 *
 * @param classFile bytes of one class file
 * @param bytes of all that is unpacked
 * @param entries of all archives together
 */
record Limits(int classFile, long bytes, int entries) {

    static final Limits USUAL = new Limits(16 << 20, 4L << 30, 2_000_000);
}
