package io.floodlock.weaver.load;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.security.CodeSource;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

/**
 * Reads the class files of loaded classes: first from the jar or folder named by the class's code source, otherwise
 * through its class loader. The code source comes first for two reasons. An AOT cache loads thousands of classes at
 * once, and a loader's resource lookup takes ten times as long as a read from an open jar. Also, a loader that asks
 * its parent first for resources, but not for classes, may return another loader's file.
 *
 * <p>Opened jars stay open until {@link #close}. Not thread-safe.
 */
public final class ClassFileSource implements AutoCloseable {

    private static final byte[] NONE = new byte[0];

    private final Map<String, File> places = new HashMap<>();
    private final Map<File, JarFile> jars = new HashMap<>();

    /** The class file; empty if it can't be found or read, for example for a class made in memory. */
    public byte[] file(Class<?> type) {
        String resource = type.getName().replace('.', '/').concat(".class");
        try {
            File place = place(type);
            byte[] file = place == null ? NONE : read(place, resource);
            return file.length == 0 ? read(type.getClassLoader().getResourceAsStream(resource)) : file;
        } catch (IOException | RuntimeException unreadable) {
            return NONE;
        }
    }

    /** The jar or folder that the class came from; null if there is none on disk. */
    private File place(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        if (location == null || !"file".equals(location.getProtocol())) {
            return null;
        }
        String text = location.toExternalForm();
        if (!places.containsKey(text)) {
            places.put(text, file(location));
        }
        return places.get(text);
    }

    private static File file(URL location) {
        try {
            File file = new File(location.toURI());
            return file.exists() ? file : null;
        } catch (URISyntaxException | IllegalArgumentException noPath) {
            return null;
        }
    }

    private byte[] read(File place, String resource) throws IOException {
        if (place.isDirectory()) {
            File file = new File(place, resource);
            return file.isFile() ? read(new FileInputStream(file)) : NONE;
        }
        JarFile jar = jars.get(place);
        if (jar == null) {
            jar = new JarFile(place, false, ZipFile.OPEN_READ, Runtime.version());
            jars.put(place, jar);
        }
        JarEntry entry = jar.getJarEntry(resource);
        return entry == null ? NONE : read(jar.getInputStream(entry));
    }

    private static byte[] read(InputStream stream) throws IOException {
        try (InputStream in = stream) {
            return in == null ? NONE : in.readAllBytes();
        }
    }

    @Override
    public void close() {
        for (JarFile jar : jars.values()) {
            try {
                jar.close();
            } catch (IOException readAlready) {
                // the files have already been read
            }
        }
    }
}
