package io.floodlock.launcher;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/** Runs {@code com.example.Main} from a loader that looks into its own folders first, as a servlet container's does. */
public final class ChildFirst extends URLClassLoader {

    private ChildFirst(URL[] urls) {
        super(urls, ChildFirst.class.getClassLoader());
    }

    public static void main(String[] folders) throws Exception {
        URL[] urls = new URL[folders.length];
        for (int i = 0; i < folders.length; i++) {
            urls[i] = Path.of(folders[i]).toUri().toURL();
        }
        try (ChildFirst loader = new ChildFirst(urls)) {
            loader.loadClass("com.example.Main")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try {
                return name.startsWith("java.") ? super.loadClass(name, resolve) : findClass(name);
            } catch (ClassNotFoundException e) {
                return super.loadClass(name, resolve);
            }
        }
    }
}
