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
 * Annotations of the application's that carry ours: {@code @OneOrderAtATime}, itself annotated with {@code @PessimisticLock}.
 * A class that uses one shows nothing of ours in its bytes, so the annotation's own class file is read, once per class loader,
 * as a resource and without loading it.
 *
 * <p>An annotation whose class file that loader does not find carries nothing: such annotations are everywhere, as the JVM does
 * not need them, and the JVM itself would not show what they carry. Those of the JDK, of Jakarta and of languages are not
 * looked for; packages of frameworks have applications in them. Thread-safe.
 */
public final class ComposedAnnotations {

    private static final int PARTS = ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES;

    /** Of descriptors: who makes these knows nothing of us. */
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

    /** Whether a method of the class carries such an annotation. */
    public boolean isIn(ClassLoader loader, byte[] file) {
        for (String descriptor : MethodAnnotations.of(file)) {
            if (!rules(loader, descriptor).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** What the annotation of that descriptor asks for; nothing, for nearly all. */
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
            // not computeIfAbsent: the loader may load classes of its own to find the file, which comes back here
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

    /** Annotations without a class file, by their binary names. */
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
                    "{} can't be understood; it carries no annotation of Floodlock's.", descriptor, unreadable);
        }
    }

    private static String simpleName(String descriptor) {
        String name = Type.getType(descriptor).getClassName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
