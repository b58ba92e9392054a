package io.floodlock.weaver.tool;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The classes of an application: a jar, a Spring Boot jar, a WAR, or a folder of classes or archives. They are in the
 * order of its class path. The first class of a name counts, and the application's own classes come before its
 * libraries.
 *
 * <p>Nothing is written to disk and no class is loaded. The outer archive is read through its central directory, as
 * the JVM does; nested archives are read as streams. All class files stay in memory, because rules may need the
 * supertypes of any class. A {@link Meter} limits how much is read. Not thread-safe.
 */
final class Application {

    private static final List<String> LIBRARIES = List.of("BOOT-INF/lib/", "WEB-INF/lib/", "WEB-INF/lib-provided/");
    private static final String TOP = ".";

    private final Meter meter;
    private final Map<String, ClassFile> classes = new LinkedHashMap<>();

    private Application(Limits limits) {
        meter = new Meter(limits);
    }

    /**
     * Reads the application.
     *
     * @throws UnreadableException if the path is none of those kinds, or exceeds the limits
     */
    static Application read(Path path, Limits limits) throws IOException {
        if (!Files.exists(path)) {
            throw new UnreadableException(path + " does not exist");
        }
        Application application = new Application(limits);
        if (Files.isDirectory(path)) {
            application.folder(path);
        } else {
            application.archive(TOP, path);
        }
        if (application.classes.isEmpty()) {
            throw new UnreadableException(
                    path + " contains no classes: give a jar, a WAR, or a folder of classes or jars");
        }
        return application;
    }

    Collection<ClassFile> classes() {
        return classes.values();
    }

    /**
     * The class file of that name; null if the application has no such class.
     *
     * @param name internal name
     */
    ClassFile find(String name) {
        return classes.get(name);
    }

    private void take(ArchiveClasses files) {
        for (ClassFile file : files.chosen()) {
            classes.putIfAbsent(file.name(), file);
        }
    }

    private void folder(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        } catch (UncheckedIOException e) {
            throw new UnreadableException(folder + " can't be read: " + e.getCause(), e);
        }
        ArchiveClasses loose = new ArchiveClasses(TOP);
        for (Path file : files) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            meter.entry(folder.toString(), name);
            if (isClass(name)) {
                try (InputStream in = Files.newInputStream(file)) {
                    loose.add(name, meter.classFile(folder.toString(), name, in));
                }
            }
        }
        take(loose);
        for (Path file : files) {
            if (isArchive(file.toString())) {
                archive(folder.relativize(file).toString(), file);
            }
        }
    }

    /** Reads an archive on disk, then the libraries inside it. */
    private void archive(String where, Path path) throws IOException {
        try (ZipFile zip = new ZipFile(path.toFile())) {
            ArchiveClasses own = new ArchiveClasses(where);
            List<ZipEntry> libraries = new ArrayList<>();
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName();
                meter.entry(path.toString(), name);
                if (isClass(name)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        own.add(name, meter.classFile(path.toString(), name, in));
                    }
                } else if (name.equals(JarFile.MANIFEST_NAME)) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        manifest(own, meter.classFile(path.toString(), name, in));
                    }
                } else if (isLibrary(name)) {
                    libraries.add(entry);
                }
            }
            take(own);
            for (ZipEntry library : libraries) {
                try (InputStream in = zip.getInputStream(library)) {
                    nested(where.equals(TOP) ? library.getName() : where + "!/" + library.getName(), in);
                }
            }
        } catch (UnreadableException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new UnreadableException(path + " can't be read as a jar or WAR: " + e.getMessage(), e);
        }
    }

    /** Reads an archive inside an archive, as a stream. */
    private void nested(String where, InputStream stream) throws IOException {
        ArchiveClasses own = new ArchiveClasses(where);
        int entries = 0;
        try (ZipInputStream zip = new ZipInputStream(new BufferedInputStream(stream))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                entries++;
                meter.entry(where, name);
                if (isClass(name)) {
                    own.add(name, meter.classFile(where, name, zip));
                } else if (name.equals(JarFile.MANIFEST_NAME)) {
                    manifest(own, meter.classFile(where, name, zip));
                } else {
                    meter.pass(where, zip);
                }
            }
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw new UnreadableException(where + " can't be read as a jar: " + e.getMessage(), e);
        }
        if (entries == 0) {
            throw new UnreadableException(where + " is not a jar, or an empty jar");
        }
        take(own);
    }

    private static void manifest(ArchiveClasses files, byte[] bytes) throws IOException {
        Manifest manifest = new Manifest(new ByteArrayInputStream(bytes));
        if ("true".equalsIgnoreCase(manifest.getMainAttributes().getValue(Attributes.Name.MULTI_RELEASE))) {
            files.multiRelease();
        }
    }

    private static boolean isClass(String name) {
        return name.endsWith(".class");
    }

    private static boolean isArchive(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".jar") || lower.endsWith(".war");
    }

    static boolean isLibrary(String name) {
        return name.endsWith(".jar") && LIBRARIES.stream().anyMatch(name::startsWith);
    }
}
