package io.floodlock.weaver.tool;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads possibly hostile archives within {@link Limits}, which apply to everything that one instance reads. Exceeding
 * a limit throws an UnreadableException. Not thread-safe.
 */
final class Meter {

    private static final int CHUNK = 1 << 16;

    private final Limits limits;
    private long bytes;
    private int entries;

    Meter(Limits limits) {
        this.limits = limits;
    }

    /**
     * Counts an entry of an archive and checks its name.
     *
     * @param where name of the archive, for messages
     */
    void entry(String where, String name) throws UnreadableException {
        if (++entries > limits.entries()) {
            throw new UnreadableException(where + " has too many entries: more than " + limits.entries());
        }
        String path = name.replace('\\', '/');
        if (path.startsWith("/") || path.equals("..") || path.startsWith("../") || path.contains("/../")) {
            throw new UnreadableException(
                    where + " has an entry '" + name + "', which leads outside the archive: it is not read");
        }
    }

    /** Reads a complete class file or manifest. */
    byte[] classFile(String where, String name, InputStream in) throws IOException {
        byte[] file = in.readNBytes(limits.classFile() + 1);
        if (file.length > limits.classFile()) {
            throw new UnreadableException(
                    where + " has a class file '" + name + "' of more than " + limits.classFile() + " bytes");
        }
        count(where, file.length);
        return file;
    }

    /** Unpacks an entry and discards it: a stream has no other way to its next entry. */
    void pass(String where, InputStream in) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            count(where, read);
        }
    }

    private void count(String where, long read) throws UnreadableException {
        bytes += read;
        if (bytes > limits.bytes()) {
            throw new UnreadableException(where + " unpacks to too much: more than " + limits.bytes()
                    + " bytes, including everything read before it");
        }
    }
}
