package io.floodlock.runtime.call.support;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Decides whether the application uses Floodlock at all. Until it does, DataSources hand out the same objects that they
 * would hand out without the agent. {@code ConnectionSource} asks it for each connection.
 *
 * <p>Use begins with the first woven method. It also begins as soon as the class loader of a DataSource or of a thread
 * has the annotations on its class path, although no loaded class may carry one yet. The reason: a connection that is
 * taken before the first annotated class loads may be used by that class. Without a handle its statements would be
 * refused, and the application can't know how to avoid that. An application that has neither the annotations nor rules
 * keeps its own objects. Thread-safe.
 */
public final class UsageDetector {

    private static final String ANNOTATION = "io/floodlock/PessimisticLock.class";

    private final Map<ClassLoader, Boolean> annotated = Collections.synchronizedMap(new WeakHashMap<>());
    private volatile boolean begun;

    public UsageDetector(boolean begun) {
        this.begun = begun;
    }

    public void begin() {
        begun = true;
    }

    public boolean begun(Object source) {
        return begun
                || hasAnnotations(source.getClass().getClassLoader())
                || hasAnnotations(Thread.currentThread().getContextClassLoader());
    }

    private boolean hasAnnotations(ClassLoader loader) {
        if (loader == null || loader == UsageDetector.class.getClassLoader()) {
            return false;
        }
        Boolean known = annotated.get(loader);
        if (known == null) {
            known = loader.getResource(ANNOTATION) != null;
            annotated.put(loader, known);
            if (known) {
                begun = true;
            }
        }
        return known;
    }
}
