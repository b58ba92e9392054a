package io.floodlock.weaver.tool;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/** Finds class files as the application's class loader would, and defines none. Not thread-safe. */
final class ArchiveLoader extends ClassLoader {

    private static final String CLASS = ".class";

    private final Application application;
    private final Set<String> missing = new TreeSet<>();

    ArchiveLoader(Application application) {
        super("floodlock-explained", getPlatformClassLoader());
        this.application = application;
    }

    /** Classes that were asked for, and are neither in the application nor in this JDK; by their binary names. */
    Set<String> missing() {
        return missing;
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        if (!name.endsWith(CLASS)) {
            return null;
        }
        String type = name.substring(0, name.length() - CLASS.length());
        InputStream ofJdk = getParent().getResourceAsStream(name);
        if (ofJdk != null) {
            return ofJdk;
        }
        ClassFile file = application.find(type);
        if (file == null) {
            missing.add(type.replace('/', '.'));
            return null;
        }
        return new ByteArrayInputStream(file.bytes());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        throw new ClassNotFoundException(name + " is only explained, not loaded");
    }
}
