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
 * The class files that a class loader sees, read once each and never loaded. Supertypes are looked up while their subclass
 * loads, when loading them would be a circle, or a class that nobody has woven. Thread-safe.
 */
public final class ClassFiles implements Types {

    private static final Logger LOG = LoggerFactory.getLogger("io.floodlock.weaver");
    private static final Map<ClassLoader, ClassFiles> OF = new WeakHashMap<>();

    private static final String[] NONE = {};

    /** Those of the JDK's own packages are the same for every loader. */
    private static final ClassFiles JDK = of(ClassLoader.getPlatformClassLoader());

    /** Weak, as the map's key is: this object is the value that belongs to it. */
    private final WeakReference<ClassLoader> loader;

    private final Map<String, Optional<TypeShape>> shapes = new ConcurrentHashMap<>();

    /** Direct supertypes by name, of classes that were seen as they loaded and of those that were looked up. */
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

    /** Reads the class that is being loaded, whose file is at hand. */
    public static TypeShape read(ClassReader file) {
        return ShapeReader.read(file);
    }

    /** Null where the loader has no such file; no rule matches through a type that can't be read. */
    @Override
    public TypeShape find(String name) {
        if (name.startsWith("java.") && this != JDK) {
            return JDK.find(name);
        }
        Optional<TypeShape> known = shapes.get(name);
        if (known == null) {
            // not computeIfAbsent: the loader may load classes of its own to find the file, which comes back here
            known = Optional.ofNullable(read(name));
            shapes.put(name, known);
        }
        return known.orElse(null);
    }

    /** The class of that name has these direct supertypes: its own file says so. */
    void remember(String name, String[] direct) {
        parents.put(name, direct);
    }

    /** The direct supertypes, as far as they can be read. */
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
            LOG.debug("{} can't be understood; no rule matches through it.", name, e);
            return null;
        }
    }

    /** Null where the loader has no such file. @param name binary */
    public byte[] file(String name) {
        String resource = name.replace('.', '/').concat(".class");
        ClassLoader from = loader.get();
        try {
            URL place = from == null ? ClassLoader.getSystemResource(resource) : from.getResource(resource);
            if (place != null) {
                return jars.read(place);
            }
            // a loader that makes its classes' files up may have no address for them; one of the JDK's own kinds has,
            // and
            // looking twice through a long class path is dear
            InputStream made = from == null || from.getClass().getClassLoader() == null
                    ? null
                    : from.getResourceAsStream(resource);
            if (made != null) {
                return Jars.read(made);
            }
            LOG.debug("{} can't be found by {}; nothing is known of it.", name, from);
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} can't be read from {}; nothing is known of it.", name, from, e);
        }
        return null;
    }
}
