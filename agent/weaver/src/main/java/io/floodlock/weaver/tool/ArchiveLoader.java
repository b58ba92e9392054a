package io.floodlock.weaver.tool;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeSet;

/**
 * A class loader that finds class files where the application's class loader would: in the JDK first, then in the
 * application. It defines no class. The weaver receives it in place of the application's loader. Not thread-safe.
 */
final class ArchiveLoader extends ClassLoader {

    private static final String CLASS = ".class";

    private final Application application;
    private final Set<String> missing = new TreeSet<>();

    ArchiveLoader(Application application) {
        super("floodlock-explained", getPlatformClassLoader());
        this.application = application;
    }

    /** Binary names of the classes that were requested and are neither in the application nor in this JDK. */
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
        throw new ClassNotFoundException(name + " is not loaded: explain only reads class files");
    }
}
