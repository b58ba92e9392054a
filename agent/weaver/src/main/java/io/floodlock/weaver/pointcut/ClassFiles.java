package io.floodlock.weaver.pointcut;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.jar.asm.ClassReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class files that one class loader can find. Each is read once, and its class is never loaded. Supertypes are
 * looked up while a subclass is being loaded; to load them at that moment would be circular, or would define a class
 * before it is woven. There is one instance for each loader; see {@link #of}. Thread-safe.
 */
public final class ClassFiles implements Types {

    private static final Logger LOG = LoggerFactory.getLogger("io.floodlock.weaver");
    private static final Map<ClassLoader, ClassFiles> OF = new WeakHashMap<>();

    private static final String[] NONE = {};

    /** The files of the {@code java.} packages, which are the same for every loader. */
    private static final ClassFiles JDK = of(ClassLoader.getPlatformClassLoader());

    /** Weak like the key in {@link #OF}: this object is the value for that key, and would keep the loader reachable. */
    private final WeakReference<ClassLoader> loader;

    private final Map<String, Optional<TypeShape>> shapes = new ConcurrentHashMap<>();

    /** Direct supertypes by class name, of classes that have been loaded and of those that were looked up. */
    private final Map<String, String[]> parents = new ConcurrentHashMap<>();

    private final Jars jars = new Jars();

    private ClassFiles(ClassLoader loader) {
        this.loader = new WeakReference<>(loader);
    }

    public static ClassFiles of(ClassLoader loader) {
        synchronized (OF) {
            ClassFiles files = OF.get(loader);
            if (files == null) {
                files = new ClassFiles(loader);
                OF.put(loader, files);
            }
            return files;
        }
    }

    /** Reads the shape of a class from its file, without a lookup; for the class that is being loaded. */
    public static TypeShape read(ClassReader file) {
        return ShapeReader.read(file);
    }

    /**
     * The shape of a class; null if the loader has no such file or it can't be parsed. No rule matches through a type
     * that can't be read.
     */
    @Override
    public TypeShape find(String name) {
        if (name.startsWith("java.") && this != JDK) {
            return JDK.find(name);
        }
        Optional<TypeShape> known = shapes.get(name);
        if (known == null) {
            // not computeIfAbsent: the loader may load classes of its own to find the file, which calls this method
            // recursively
            known = Optional.ofNullable(read(name));
            shapes.put(name, known);
        }
        return known.orElse(null);
    }

    /** Records the direct supertypes of a class, as declared in its own file. */
    void remember(String name, String[] direct) {
        parents.put(name, direct);
    }

    /** The direct supertypes; none if the file can't be found or read. */
    String[] parents(String name) {
        if (name.startsWith("java.") && this != JDK) {
            return JDK.parents(name);
        }
        String[] known = parents.get(name);
        if (known == null) {
            byte[] file = file(name);
            known = file == null ? NONE : ClassSketch.parents(file, name, this);
            parents.putIfAbsent(name, known);
        }
        return known;
    }

    private TypeShape read(String name) {
        byte[] file = file(name);
        try {
            return file == null ? null : ShapeReader.read(new ClassReader(file));
        } catch (RuntimeException e) {
            LOG.debug("The class file of {} can't be parsed; no rule matches through this type.", name, e);
            return null;
        }
    }

    /**
     * The bytes of a class file; null if the loader has no such file or can't read it.
     *
     * @param name binary name
     */
    public byte[] file(String name) {
        String resource = name.replace('.', '/').concat(".class");
        ClassLoader from = loader.get();
        try {
            URL place = from == null ? ClassLoader.getSystemResource(resource) : from.getResource(resource);
            if (place != null) {
                return jars.read(place);
            }
            // a loader that creates its class files in memory may have no URL for them. The JDK's own loaders always
            // have one, so they are not asked again: a second search of a long class path is expensive
            InputStream made = from == null || from.getClass().getClassLoader() == null
                    ? null
                    : from.getResourceAsStream(resource);
            if (made != null) {
                return Jars.read(made);
            }
            LOG.debug("The class file of {} is not found by {}; no rule matches through this type.", name, from);
        } catch (IOException | RuntimeException e) {
            LOG.debug("The class file of {} can't be read from {}; no rule matches through it.", name, from, e);
        }
        return null;
    }
}
