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
 * Finds the class files of loaded classes: where the class says that it came from, else by its loader. An AOT cache brings
 * thousands of classes at once, and a loader's way to a resource takes ten times as long as a jar that is open; nor does a
 * loader that asks its parent for resources, but not for classes, answer with its own. Not thread-safe.
 */
public final class ClassFileSource implements AutoCloseable {

    private static final byte[] NONE = new byte[0];

    private final Map<String, File> places = new HashMap<>();
    private final Map<File, JarFile> jars = new HashMap<>();

    /** Empty where it can't be found, as with classes made in memory. */
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

    /** The jar or folder, null where there is none on the disk. */
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
                // what was wanted of it is here
            }
        }
    }
}
