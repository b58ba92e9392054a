package io.floodlock.weaver.tool;

/**
 * Limits on reading an archive. An archive that exceeds one is treated as hostile and refused. The usual values are
 * far above those of real applications. Sizes are counted after unpacking.
 *
 * @param classFile maximum bytes of one class file
 * @param bytes maximum bytes of everything that is unpacked
 * @param entries maximum number of entries in all archives together
 */
record Limits(int classFile, long bytes, int entries) {

    static final Limits USUAL = new Limits(16 << 20, 4L << 30, 2_000_000);
}
