package io.floodlock.weaver.decision;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.type.GeneratedClasses;
import io.floodlock.weaver.explain.DecisionText;
import io.floodlock.weaver.explain.DeclaredMethods;
import io.floodlock.weaver.explain.Overrides;
import io.floodlock.weaver.explain.WeavingDecision;
import io.floodlock.weaver.explain.WeavingDecision.Outcome;
import io.floodlock.weaver.load.ClassFileSource;
import io.floodlock.weaver.scan.ScannedMethod;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds, among loaded classes, methods that override a woven method and are not woven themselves. It loads no class:
 * for each subclass of a woven class it reads the class file. {@link OverrideWatch} calls it.
 *
 * <p>Woven methods are recorded by class loader. Loaders, and the classes already examined, are referenced weakly.
 * Several threads that load classes may record woven methods at the same time, while one thread searches. A woven
 * class is recorded before the JVM defines it, so no search finds an override that is woven but not yet recorded.
 */
final class UnprotectedOverrides {

    private static final int REMEMBERED = 1_000;

    /**
     * Woven methods by loader, then by class name, then by method. The outer map is guarded by itself; the inner maps
     * are concurrent.
     */
    @GuardedBy("woven")
    private final Map<ClassLoader, Map<String, Map<String, CallSpec>>> woven = new WeakHashMap<>();

    private final Set<Class<?>> seen = Collections.newSetFromMap(new WeakHashMap<>());
    private final Set<String> reported = new HashSet<>();

    /** Records a woven method. The caller calls it before the JVM defines the class. */
    void woven(ClassLoader loader, CallSpec spec) {
        Map<String, Map<String, CallSpec>> ofLoader;
        synchronized (woven) {
            ofLoader = woven.computeIfAbsent(loader, any -> new ConcurrentHashMap<>());
        }
        // two threads may weave the same class at once, and the JVM defines only one result: both threads record all
        // methods in the same map
        Map<String, CallSpec> ofClass = ofLoader.computeIfAbsent(spec.owner(), any -> new ConcurrentHashMap<>());
        ofClass.put(ScannedMethod.key(spec.method(), spec.descriptor()), spec);
    }

    /**
     * The warnings for unprotected overrides among these classes, without those that have been returned before. For
     * one thread.
     */
    List<String> among(Class<?>[] loaded) {
        Map<Class<?>, Map<String, CallSpec>> protecting = protecting(loaded);
        List<Class<?>> interfaces =
                protecting.keySet().stream().filter(Class::isInterface).toList();
        List<String> lines = new ArrayList<>();
        try (ClassFileSource files = new ClassFileSource()) {
            for (Class<?> type : loaded) {
                // a generated class overrides methods in order to call the originals
                if (!GeneratedClasses.mayBeGenerated(type) && isBelow(type, protecting, interfaces) && seen.add(type)) {
                    addOf(type, protecting, files, lines);
                }
            }
        }
        return lines;
    }

    private Map<Class<?>, Map<String, CallSpec>> protecting(Class<?>[] loaded) {
        Map<ClassLoader, Map<String, Map<String, CallSpec>>> byLoader = new IdentityHashMap<>();
        synchronized (woven) {
            byLoader.putAll(woven);
        }
        Map<Class<?>, Map<String, CallSpec>> protecting = new HashMap<>();
        for (Class<?> type : loaded) {
            Map<String, Map<String, CallSpec>> ofLoader = byLoader.get(type.getClassLoader());
            Map<String, CallSpec> ofClass = ofLoader == null ? null : ofLoader.get(type.getName());
            if (ofClass != null) {
                protecting.put(type, ofClass);
            }
        }
        return protecting;
    }

    private static boolean isBelow(
            Class<?> type, Map<Class<?>, Map<String, CallSpec>> protecting, List<Class<?>> interfaces) {
        for (Class<?> above = type.getSuperclass(); above != null; above = above.getSuperclass()) {
            if (protecting.containsKey(above)) {
                return true;
            }
        }
        for (Class<?> each : interfaces) {
            if (each != type && each.isAssignableFrom(type)) {
                return true;
            }
        }
        return false;
    }

    private void addOf(
            Class<?> type, Map<Class<?>, Map<String, CallSpec>> protecting, ClassFileSource files, List<String> lines) {
        Map<String, Class<?>> types = new HashMap<>();
        climb(type, types);
        Overrides overrides = new Overrides(name -> declared(types.get(name), files), (name, method) -> {
            CallSpec spec = protecting.getOrDefault(types.get(name), Map.of()).get(method);
            return spec == null ? null : decision(spec);
        });
        String name = internal(type);
        Map<String, WeavingDecision> unprotected = overrides.unprotected(name);
        if (unprotected.isEmpty()) {
            return;
        }
        // an override that calls the overridden method has that method's protection for the call; if the override
        // were woven too, a queued call would be queued twice
        unprotected.keySet().removeAll(DeclaredMethods.callingSuper(files.file(type)));
        for (WeavingDecision overridden : unprotected.values()) {
            String line = DecisionText.printable(Overrides.text(name, overridden)
                    + ", but is itself UNPROTECTED: Java does not inherit annotations of methods. Annotate it too, or"
                    + " name it in a rules file.");
            if (isNews(line)) {
                lines.add(line);
            }
        }
    }

    /**
     * Whether the line has not been reported before. The set is cleared at {@value #REMEMBERED} lines rather than
     * growing without limit in an application that keeps creating classes.
     */
    private boolean isNews(String line) {
        if (reported.size() >= REMEMBERED) {
            reported.clear();
        }
        return reported.add(line);
    }

    private static void climb(Class<?> type, Map<String, Class<?>> types) {
        if (type != null && types.putIfAbsent(internal(type), type) == null) {
            climb(type.getSuperclass(), types);
            for (Class<?> each : type.getInterfaces()) {
                climb(each, types);
            }
        }
    }

    /**
     * The methods that the class declares; null for a class of the bootstrap loader, a class without a class file and
     * one that can't be read.
     */
    private static DeclaredMethods declared(Class<?> type, ClassFileSource files) {
        if (type == null || type.getClassLoader() == null) {
            return null;
        }
        byte[] file = files.file(type);
        try {
            return file.length == 0 ? null : DeclaredMethods.of(file);
        } catch (RuntimeException unreadable) {
            return null;
        }
    }

    private static String internal(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    private static WeavingDecision decision(CallSpec spec) {
        return new WeavingDecision(
                Outcome.WOVEN, spec.owner(), spec.method(), spec.descriptor(), spec.rules(), List.of(), "");
    }
}
