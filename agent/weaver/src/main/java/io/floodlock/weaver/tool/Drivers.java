package io.floodlock.weaver.tool;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * The application's JDBC drivers, which the agent does not contain. They are loaded from jars and folders, as on a
 * class path, and from the libraries inside a Spring Boot jar or a WAR. Such libraries are unpacked into temporary
 * files, which {@link #close} deletes. Not thread-safe.
 */
final class Drivers implements AutoCloseable {

    private static final String SERVICE = "META-INF/services/java.sql.Driver";

    private final List<Path> unpacked = new ArrayList<>();
    private final URLClassLoader loader;

    /** @throws UnreadableException if an entry of the class path can't be read */
    Drivers(List<Path> classPath) throws IOException {
        List<URL> urls = new ArrayList<>();
        try {
            for (Path entry : classPath) {
                if (!Files.exists(entry)) {
                    throw new UnreadableException(entry + " does not exist");
                }
                add(entry, urls);
            }
        } catch (IOException e) {
            delete();
            throw e;
        }
        loader =
                new URLClassLoader("floodlock-drivers", urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** @throws UnreadableException if no driver accepts that URL */
    Driver forUrl(String url) throws UnreadableException {
        try {
            for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
                if (driver.acceptsURL(url)) {
                    return driver;
                }
            }
        } catch (SQLException | ServiceConfigurationError e) {
            throw new UnreadableException("a JDBC driver on --classpath can't be used: " + e.getMessage(), e);
        }
        String kind = url.split("[/?]")[0];
        throw new UnreadableException("no JDBC driver for " + kind + " is on the class path: give its jar, or the"
                + " application's jar, WAR or folder, with --classpath");
    }

    private void add(Path entry, List<URL> urls) throws IOException {
        urls.add(entry.toUri().toURL());
        if (Files.isDirectory(entry)) {
            try (Stream<Path> files = Files.walk(entry)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    if (isArchive(file.toString())) {
                        add(file, urls);
                    }
                }
            }
            return;
        }
        try (ZipFile archive = new ZipFile(entry.toFile())) {
            for (Enumeration<? extends ZipEntry> all = archive.entries(); all.hasMoreElements(); ) {
                ZipEntry inner = all.nextElement();
                if (Application.isLibrary(inner.getName())) {
                    addLibrary(archive, inner, urls);
                }
            }
        } catch (IllegalArgumentException | ZipException e) {
            throw new UnreadableException(entry + " can't be read as a jar or WAR: " + e.getMessage(), e);
        }
    }

    /** Unpacks a library, and keeps it only if it contains a driver: an application may have hundreds of libraries. */
    private void addLibrary(ZipFile archive, ZipEntry inner, List<URL> urls) throws IOException {
        Path copy = Files.createTempFile("floodlock-driver-", ".jar");
        unpacked.add(copy);
        try (InputStream in = archive.getInputStream(inner)) {
            Files.write(copy, in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, Limits.USUAL.bytes())));
        }
        try (ZipFile library = new ZipFile(copy.toFile())) {
            if (library.getEntry(SERVICE) != null) {
                urls.add(copy.toUri().toURL());
                return;
            }
        }
        Files.delete(copy);
        unpacked.remove(copy);
    }

    private static boolean isArchive(String name) {
        return name.endsWith(".jar") || name.endsWith(".war");
    }

    private void delete() {
        unpacked.forEach(copy -> {
            File file = copy.toFile();
            if (!file.delete()) {
                file.deleteOnExit();
            }
        });
    }

    @Override
    public void close() throws IOException {
        loader.close();
        delete();
    }
}
