package io.floodlock.weaver.pointcut;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads resources from the URLs that class loaders return. Jars stay open as long as this object is used: a URL
 * connection takes several times as long as an open jar, and a start reads hundreds of files. Thread-safe.
 */
final class Jars {

    private static final String ENTRY = "!/";

    private final Map<String, JarFile> open = new ConcurrentHashMap<>();

    byte[] read(URL place) throws IOException {
        String path = place.getPath();
        int end = path.indexOf(ENTRY);
        boolean plain = "jar".equals(place.getProtocol())
                && path.startsWith("file:")
                && end > 0
                && end == path.lastIndexOf(ENTRY)
                && path.indexOf('%') < 0;
        if (plain) {
            JarFile jar = jar(path.substring(0, end));
            ZipEntry entry = jar.getEntry(path.substring(end + ENTRY.length()));
            if (entry != null) {
                return read(jar.getInputStream(entry));
            }
        }
        return read(place.openStream());
    }

    private JarFile jar(String file) throws IOException {
        JarFile known = open.get(file);
        if (known == null) {
            JarFile opened =
                    new JarFile(new File(URI.create(file)), false, ZipFile.OPEN_READ, JarFile.runtimeVersion());
            known = open.putIfAbsent(file, opened);
            if (known == null) {
                return opened;
            }
            opened.close();
        }
        return known;
    }

    static byte[] read(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            return in.readAllBytes();
        }
    }
}
