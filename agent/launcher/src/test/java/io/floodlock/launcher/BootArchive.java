package io.floodlock.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;

/** Builds archives as Spring Boot's plugin does: its loader at the top, classes in a folder, libraries stored as they are. */
final class BootArchive {

    private static final Path LOADER =
            Path.of("target/boot-loader/spring-boot-loader.jar").toAbsolutePath();

    private BootArchive() {}

    static Path jar(Path target, String main, Path classes, Path... libraries) {
        return build(target, "BOOT-INF/", "JarLauncher", main, classes, libraries);
    }

    static Path war(Path target, String main, Path classes, Path... libraries) {
        return build(target, "WEB-INF/", "WarLauncher", main, classes, libraries);
    }

    private static Path build(
            Path target, String prefix, String launcher, String main, Path classes, Path... libraries) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch." + launcher);
        attributes.put(new Attributes.Name("Start-Class"), main);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(target), manifest);
                JarFile loader = new JarFile(LOADER.toFile());
                Stream<Path> files = Files.walk(classes)) {
            for (JarEntry entry : loader.stream()
                    .filter(each -> each.getName().endsWith(".class"))
                    .toList()) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                try (InputStream in = loader.getInputStream(entry)) {
                    in.transferTo(out);
                }
            }
            // WarLauncher looks for the folder's own entry
            out.putNextEntry(new ZipEntry(prefix + "classes/"));
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(prefix + "classes/"
                        + classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
            for (Path library : libraries) {
                store(out, prefix + "lib/" + library.getFileName(), Files.readAllBytes(library));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return target;
    }

    private static void store(JarOutputStream out, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        out.putNextEntry(entry);
        out.write(content);
    }
}
