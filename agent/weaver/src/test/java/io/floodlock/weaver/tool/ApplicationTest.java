package io.floodlock.weaver.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which classes an application has, and what can't be read as one. */
class ApplicationTest {

    private static final byte[] MULTI_RELEASE = "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n".getBytes(UTF_8);

    @TempDir
    Path folder;

    @Test
    void readsASpringBootJarWithItsLibraries() throws IOException {
        byte[] library =
                new Zips().add("com/example/A.class", made("com/example/A")).bytes();
        Path jar = new Zips()
                .add("org/example/Loader.class", made("org/example/Loader"))
                .store("BOOT-INF/lib/a.jar", library)
                .add("BOOT-INF/classes/" + Zips.ORDERS, Zips.orders())
                .add("resources/not-on-the-class-path.jar", library)
                .write(folder.resolve("app.jar"));
        assertEquals(
                List.of(". org/example/Loader", ". io/floodlock/weaver/Orders", "BOOT-INF/lib/a.jar com/example/A"),
                classes(jar));
    }

    @Test
    void readsAWarAndAFolderWithBoth() throws IOException {
        byte[] library =
                new Zips().add("com/example/A.class", made("com/example/A")).bytes();
        new Zips()
                .add("WEB-INF/classes/" + Zips.ORDERS, Zips.orders())
                .add("WEB-INF/lib/a.jar", library)
                .write(folder.resolve("app.war"));
        assertEquals(
                List.of(". io/floodlock/weaver/Orders", "WEB-INF/lib/a.jar com/example/A"),
                classes(folder.resolve("app.war")));
        Path loose = folder.resolve("classes/com/example/B.class");
        Files.createDirectories(loose.getParent());
        Files.write(loose, made("com/example/B"));
        assertEquals(
                List.of(
                        ". com/example/B",
                        "app.war io/floodlock/weaver/Orders",
                        "app.war!/WEB-INF/lib/a.jar com/example/A"),
                classes(folder));
    }

    @Test
    void theFirstClassOfANameCounts() throws IOException {
        byte[] other =
                new Zips().add(Zips.ORDERS, made("io/floodlock/weaver/Orders")).bytes();
        Path jar = new Zips()
                .add("BOOT-INF/lib/other.jar", other)
                .add("BOOT-INF/classes/" + Zips.ORDERS, Zips.orders())
                .write(folder.resolve("app.jar"));
        Application application = Application.read(jar, Limits.USUAL);
        assertEquals(1, application.classes().size());
        assertTrue(Arrays.equals(
                Zips.orders(), application.find("io/floodlock/weaver/Orders").bytes()));
    }

    @Test
    void aMultiReleaseJarAnswersAsThisJvmsVersion() throws IOException {
        byte[] newer = made("com/example/A");
        Zips zips = new Zips()
                .add("META-INF/MANIFEST.MF", MULTI_RELEASE)
                .add("com/example/A.class", Arrays.copyOf(newer, newer.length))
                .add("META-INF/versions/9/com/example/New.class", made("com/example/New"))
                .add("META-INF/versions/9999/com/example/Later.class", made("com/example/Later"));
        Application application = Application.read(zips.write(folder.resolve("a.jar")), Limits.USUAL);
        assertNotNull(application.find("com/example/A"));
        assertNotNull(application.find("com/example/New"));
        assertNull(application.find("com/example/Later"));
        Path plain = new Zips()
                .add("com/example/A.class", newer)
                .add("META-INF/versions/9/com/example/New.class", made("com/example/New"))
                .write(folder.resolve("b.jar"));
        assertNull(Application.read(plain, Limits.USUAL).find("com/example/New"));
    }

    @Test
    void aTruncatedClassIsNamedAndTheRestIsRead() throws IOException {
        byte[] whole = Zips.orders();
        Path jar = new Zips()
                .add("com/example/Half.class", Arrays.copyOf(whole, whole.length / 2))
                .add("com/example/Empty.class", new byte[0])
                .add("com/example/Text.class", "text".getBytes(UTF_8))
                .add(Zips.ORDERS, whole)
                .write(folder.resolve("app.jar"));
        Application application = Application.read(jar, Limits.USUAL);
        for (String broken : new String[] {"Half", "Empty", "Text"}) {
            String defect = application.find("com/example/" + broken).defect();
            assertTrue(defect.contains("not a complete class file"), broken + defect);
        }
        assertEquals("", application.find("io/floodlock/weaver/Orders").defect());
    }

    @Test
    void refusesEntriesThatLeadOutside() {
        for (String name : new String[] {"../../etc/A.class", "/A.class", "a/../../A.class", "..\\A.class"}) {
            Path jar = new Zips().add(name, Zips.orders()).write(folder.resolve("app.jar"));
            unreadable("leads outside", jar, Limits.USUAL);
            byte[] inner = new Zips().add(name, Zips.orders()).bytes();
            Path outer = new Zips().add("BOOT-INF/lib/a.jar", inner).write(folder.resolve("outer.jar"));
            unreadable("BOOT-INF/lib/a.jar has an entry", outer, Limits.USUAL);
        }
    }

    @Test
    void stopsAtArchivesThatUnpackToTooMuch() throws IOException {
        byte[] bomb = new Zips()
                .add("zeros", new byte[1 << 20])
                .add("more", new byte[1 << 20])
                .bytes();
        assertTrue(bomb.length < 10_000, "packs well: " + bomb.length);
        Path jar = new Zips()
                .add("A.class", made("A"))
                .add("BOOT-INF/lib/a.jar", bomb)
                .write(folder.resolve("app.jar"));
        assertEquals(1, Application.read(jar, Limits.USUAL).classes().size());
        unreadable("unpacks to too much", jar, new Limits(1 << 20, 1 << 20, 100));

        Path many = new Zips()
                .add("a", new byte[0])
                .add("b", new byte[0])
                .add("A.class", made("A"))
                .write(folder.resolve("many.jar"));
        unreadable("too many entries", many, new Limits(1 << 20, 1 << 20, 2));

        Path fat = new Zips().add("A.class", new byte[2_000]).write(folder.resolve("fat.jar"));
        unreadable("of more than 1000 bytes", fat, new Limits(1_000, 1 << 20, 2));
    }

    @Test
    void saysWhatIsNoArchive() throws IOException {
        unreadable("does not exist", folder.resolve("missing.jar"), Limits.USUAL);
        Path text = Files.writeString(folder.resolve("text.jar"), "text");
        unreadable("can't be read as a jar or WAR", text, Limits.USUAL);
        byte[] whole = new Zips().add(Zips.ORDERS, Zips.orders()).bytes();
        Path half = Files.write(folder.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2));
        unreadable("can't be read as a jar or WAR", half, Limits.USUAL);
        Path broken = new Zips()
                .add("A.class", made("A"))
                .add("BOOT-INF/lib/a.jar", Arrays.copyOf(whole, whole.length / 2))
                .write(folder.resolve("broken.jar"));
        unreadable("BOOT-INF/lib/a.jar can't be read as a jar", broken, Limits.USUAL);
        Path none = new Zips()
                .add("A.class", made("A"))
                .add("BOOT-INF/lib/a.jar", "text".getBytes(UTF_8))
                .write(folder.resolve("none.jar"));
        unreadable("BOOT-INF/lib/a.jar is not a jar", none, Limits.USUAL);
        unreadable(
                "contains no classes", new Zips().add("a", new byte[1]).write(folder.resolve("e.jar")), Limits.USUAL);
    }

    private static void unreadable(String message, Path path, Limits limits) {
        UnreadableException thrown =
                assertThrows(UnreadableException.class, () -> Application.read(path, limits), message);
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    private static List<String> classes(Path path) throws IOException {
        return Application.read(path, Limits.USUAL).classes().stream()
                .map(file -> file.where() + " " + file.name())
                .toList();
    }

    private static byte[] made(String name) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
        writer.visitEnd();
        return writer.toByteArray();
    }
}
