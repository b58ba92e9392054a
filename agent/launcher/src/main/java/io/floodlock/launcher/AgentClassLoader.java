package io.floodlock.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Loads every class of the agent except those of this package. It reads them from one folder of the agent's jar,
 * {@code agent/}, where class files end in {@code .classdata} so that no other class loader finds them.
 *
 * <pre>
 *   bootstrap   java.lang.FloodlockDispatcher, the one class that woven code of any loader can name
 *      |
 *   platform ---------------- AgentClassLoader: runtime, weaver, Redisson, Netty, Byte Buddy, SLF4J
 *      |
 *   system      the application's class path; of the agent only this class and Premain
 *      |
 *   the application's own loaders
 * </pre>
 *
 * <p>The loader is child-first: a class that the jar contains is never taken from another loader. The application's
 * class path is not among its parents, so the application's libraries and the agent's libraries never mix. Resources
 * are looked up in the same order. {@link Premain} creates it. Thread-safe.
 */
final class AgentClassLoader extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private static final String ROOT = "agent/";
    private static final String CLASS = ".class";
    private static final int FLOOR = 17;

    private final JarFile jar;
    private final String base;
    private final ProtectionDomain domain;

    /**
     * Folders to search, the highest Java version first. The build has already merged entries for Java 17
     * ({@link #FLOOR}) and below into the root folder.
     */
    private final List<String> roots = new ArrayList<>();

    AgentClassLoader(File file) throws IOException {
        super("floodlock-agent", ClassLoader.getPlatformClassLoader());
        jar = new JarFile(file, false);
        URL location = file.toURI().toURL();
        base = "jar:".concat(location.toString()).concat("!/");
        domain = new ProtectionDomain(new CodeSource(location, (Certificate[]) null), null, this, null);
        for (int version = Runtime.version().feature(); version > FLOOR; version--) {
            String root = ROOT.concat("META-INF/versions/")
                    .concat(Integer.toString(version))
                    .concat("/");
            if (jar.getEntry(root) != null) {
                roots.add(root);
            }
        }
        roots.add(ROOT);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> type = findLoadedClass(name);
            if (type == null && !name.startsWith("java.")) {
                type = define(name);
            }
            if (type == null) {
                return super.loadClass(name, resolve);
            }
            if (resolve) {
                resolveClass(type);
            }
            return type;
        }
    }

    /** Null where the jar has no such class. */
    private Class<?> define(String name) throws ClassNotFoundException {
        ZipEntry entry = entry(name.replace('.', '/').concat(CLASS));
        if (entry == null) {
            return null;
        }
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
            bytes = in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        int dot = name.lastIndexOf('.');
        if (dot > 0 && getDefinedPackage(name.substring(0, dot)) == null) {
            definePackageOnce(name.substring(0, dot));
        }
        return defineClass(name, bytes, 0, bytes.length, domain);
    }

    private void definePackageOnce(String name) {
        try {
            definePackage(name, null, null, null, null, null, null, null);
        } catch (IllegalArgumentException alreadyDefinedByAnotherThread) {
            // another thread has defined the package, which serves as well
        }
    }

    @Override
    public URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> found = new ArrayList<>();
        URL own = findResource(name);
        if (own != null) {
            found.add(own);
        }
        found.addAll(Collections.list(getParent().getResources(name)));
        return Collections.enumeration(found);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        ZipEntry entry = entry(name);
        try {
            return entry != null ? jar.getInputStream(entry) : super.getResourceAsStream(name);
        } catch (IOException unreadable) {
            return null;
        }
    }

    @Override
    protected URL findResource(String name) {
        ZipEntry entry = entry(name);
        try {
            return entry == null ? null : new URL(base.concat(entry.getName()));
        } catch (MalformedURLException e) {
            return null;
        }
    }

    private ZipEntry entry(String name) {
        String stored = name.endsWith(CLASS) ? name.concat("data") : name;
        for (int i = 0; i < roots.size(); i++) {
            ZipEntry entry = jar.getEntry(roots.get(i).concat(stored));
            if (entry != null && !entry.isDirectory()) {
                return entry;
            }
        }
        return null;
    }
}
