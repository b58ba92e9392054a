package io.floodlock.runtime.call.support;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Whether the application uses anything of Floodlock. Until then DataSources hand out the very objects that they would
 * without the agent.
 *
 * <p>It does from the first method that is woven, and as soon as a source's or a thread's class loader has the annotations,
 * though no class may carry one yet: a connection that is taken before the first annotated class loads may be what that class
 * works with. Without a handle its statements would be refused, which the application can't know to avoid. So the annotations
 * on the class path are use; an application that has neither them nor rules is left with its own objects. Thread-safe.
 */
public final class UsageDetector {

    private static final String ANNOTATION = "io/floodlock/PessimisticLock.class";

    private final Map<ClassLoader, Boolean> asked = Collections.synchronizedMap(new WeakHashMap<>());
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
        Boolean known = asked.get(loader);
        if (known == null) {
            known = loader.getResource(ANNOTATION) != null;
            asked.put(loader, known);
            if (known) {
                begun = true;
            }
        }
        return known;
    }
}
