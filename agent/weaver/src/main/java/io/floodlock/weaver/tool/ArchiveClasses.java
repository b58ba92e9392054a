package io.floodlock.weaver.tool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The class files of one archive or folder, with the versions that a JVM of this release would choose in a
 * multi-release jar. Not thread-safe.
 */
final class ArchiveClasses {

    private static final Pattern VERSIONED = Pattern.compile("META-INF/versions/(\\d{1,4})/(.+)");

    private final String where;
    private final List<ClassFile> plain = new ArrayList<>();
    private final Map<String, Versioned> versioned = new HashMap<>();
    private boolean multiRelease;

    private record Versioned(int version, ClassFile file) {}

    ArchiveClasses(String where) {
        this.where = where;
    }

    void add(String path, byte[] bytes) {
        Matcher matcher = VERSIONED.matcher(path);
        boolean ofVersion = matcher.matches();
        ClassFile file = ClassFile.of(where, ofVersion ? matcher.group(2) : path, bytes);
        if (file == null) {
            return;
        }
        if (!ofVersion) {
            plain.add(file);
            return;
        }
        int version = Integer.parseInt(matcher.group(1));
        if (version <= Runtime.version().feature()) {
            versioned.merge(file.name(), new Versioned(version, file), (a, b) -> a.version() >= b.version() ? a : b);
        }
    }

    /** Called if the manifest declares the archive as multi-release, so that {@code META-INF/versions} applies. */
    void multiRelease() {
        multiRelease = true;
    }

    List<ClassFile> chosen() {
        List<ClassFile> chosen = new ArrayList<>();
        if (multiRelease) {
            versioned.values().forEach(each -> chosen.add(each.file()));
        }
        for (ClassFile file : plain) {
            if (!multiRelease || !versioned.containsKey(file.name())) {
                chosen.add(file);
            }
        }
        return chosen;
    }
}
