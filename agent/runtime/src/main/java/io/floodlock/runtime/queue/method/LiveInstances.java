package io.floodlock.runtime.queue.method;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.floodlock.runtime.type.GeneratedClasses;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * The live objects whose constructors have run under the agent, held weakly. It counts objects, not reports: the
 * constructors of a class and of its superclass both report the same object if both classes have queued methods.
 * {@link TargetResolver} asks it where no container has a bean. Thread-safe.
 */
final class LiveInstances {

    @GuardedBy("this")
    private final Map<Class<?>, Set<Reference<Object>>> seen = new WeakHashMap<>();

    private final ReferenceQueue<Object> gone = new ReferenceQueue<>();

    /** Whether this is the first live object of its class. */
    synchronized boolean add(Object instance) {
        for (Reference<?> dead = gone.poll(); dead != null; dead = gone.poll()) {
            for (Set<Reference<Object>> references : seen.values()) {
                references.remove(dead);
            }
        }
        Set<Reference<Object>> ofType = seen.computeIfAbsent(instance.getClass(), type -> new HashSet<>());
        return ofType.add(new SameObject(instance, gone)) && ofType.size() == 1;
    }

    /**
     * The objects of that class or a subclass, one of which may run a stored call. A framework makes a generated
     * subclass either as a proxy of another object or instead of it. So objects of generated classes count only where
     * there is no other, and those that pass each call to another object never do.
     */
    synchronized List<Object> of(Class<?> type) {
        List<Object> written = new ArrayList<>();
        List<Object> generated = new ArrayList<>();
        seen.forEach((exact, references) -> {
            if (type.isAssignableFrom(exact)) {
                boolean own = !GeneratedClasses.mayBeGenerated(exact);
                if (own || !GeneratedClasses.isDelegate(exact.getName())) {
                    references.forEach(reference -> addIfLive(reference, own ? written : generated));
                }
            }
        });
        return written.isEmpty() ? generated : written;
    }

    private static void addIfLive(Reference<Object> reference, List<Object> into) {
        Object instance = reference.get();
        if (instance != null) {
            into.add(instance);
        }
    }

    /** Equal to another one of the same object, whatever the object's own {@code equals} says. */
    private static final class SameObject extends WeakReference<Object> {

        private final int hash;

        SameObject(Object instance, ReferenceQueue<Object> gone) {
            super(instance, gone);
            this.hash = System.identityHashCode(instance);
        }

        @Override
        public boolean equals(Object other) {
            return this == other || other instanceof SameObject same && get() != null && get() == same.get();
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
