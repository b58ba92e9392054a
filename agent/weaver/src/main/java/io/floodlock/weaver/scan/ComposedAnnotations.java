package io.floodlock.weaver.scan;

import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.log.WeaverLog;
import io.floodlock.weaver.pointcut.ClassFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Finds the application's own annotations that carry Floodlock's, such as {@code @OneOrderAtATime}, which is itself
 * annotated with {@code @PessimisticLock}. The bytes of a class that uses one show nothing of Floodlock. So the
 * annotation's own class file is read as a resource, once per class loader, without loading the class.
 *
 * <p>An annotation whose class file the loader does not find carries nothing. Such annotations are common, because the
 * JVM does not need their class files; and the JVM itself would not show what they carry. Annotations of the JDK, of
 * Jakarta and of languages are skipped. The packages of frameworks are not, because applications use them too.
 * Thread-safe.
 */
public final class ComposedAnnotations {

    private static final int PARTS = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;

    /** Prefixes of descriptors. The annotations of these libraries never carry Floodlock's. */
    private static final String[] FOREIGN = {
        "Ljava/",
        "Ljavax/",
        "Ljakarta/",
        "Ljdk/",
        "Lsun/",
        "Lkotlin/",
        "Lscala/",
        "Lorg/jetbrains/",
        "Lorg/jspecify/",
        "Lcom/google/errorprone/"
    };

    private final Map<ClassLoader, Map<String, List<Rule>>> known = new WeakHashMap<>();
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    /** Whether a method of the class carries an annotation with rules. */
    public boolean isIn(ClassLoader loader, byte[] file) {
        for (String descriptor : MethodAnnotations.of(file)) {
            if (!rules(loader, descriptor).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The rules that the annotation of that descriptor carries; empty for nearly all annotations. */
    public List<Rule> rules(ClassLoader loader, String descriptor) {
        if (isForeign(descriptor)) {
            return List.of();
        }
        Map<String, List<Rule>> ofLoader;
        synchronized (known) {
            ofLoader = known.computeIfAbsent(loader, any -> new ConcurrentHashMap<>());
        }
        List<Rule> rules = ofLoader.get(descriptor);
        if (rules == null) {
            // not computeIfAbsent: to find the file, the loader may load classes of its own, which calls this again
            List<Rule> found = new ArrayList<>(0);
            read(loader, descriptor, "@" + simpleName(descriptor), found, new HashSet<>());
            rules = List.copyOf(found);
            ofLoader.put(descriptor, rules);
        }
        return rules;
    }

    private static boolean isForeign(String descriptor) {
        for (String prefix : FOREIGN) {
            if (descriptor.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** Annotations whose class files were not found, by their binary names. */
    public Set<String> missing() {
        return Set.copyOf(missing);
    }

    private void read(ClassLoader loader, String descriptor, String origin, List<Rule> found, Set<String> visited) {
        if (isForeign(descriptor) || !visited.add(descriptor)) {
            return;
        }
        String name = Type.getType(descriptor).getClassName();
        byte[] file = ClassFiles.of(loader).file(name);
        if (file == null) {
            missing.add(name);
            return;
        }
        try {
            new ClassReader(file)
                    .accept(
                            new ClassVisitor(Opcodes.ASM9) {
                                @Override
                                public AnnotationVisitor visitAnnotation(String meta, boolean visible) {
                                    AnnotationVisitor ours =
                                            RuleReader.forAnnotation(meta, rule -> found.add(rule.carriedBy(origin)));
                                    if (ours == null) {
                                        read(loader, meta, origin, found, visited);
                                    }
                                    return ours;
                                }
                            },
                            PARTS);
        } catch (RuntimeException unreadable) {
            WeaverLog.LOG.debug(
                    "{} can't be read; it is treated as carrying no rule of Floodlock's.", descriptor, unreadable);
        }
    }

    private static String simpleName(String descriptor) {
        String name = Type.getType(descriptor).getClassName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
