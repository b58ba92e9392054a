package io.floodlock.processor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/**
 * One of Floodlock's annotations that applies to a method: it stands on the method itself, or on an annotation of the
 * application that the method carries. Has only the attributes that are written. Immutable.
 *
 * @param written Floodlock's annotation
 * @param shown the annotation on the method, at which errors are reported; differs from {@code written} if that is
 *     carried by an annotation of the application
 * @param title the annotation in messages: {@code @Queued}, {@code @InOrder's @Queued}
 */
record FloodlockRule(AnnotationMirror written, AnnotationMirror shown, String title) {

    static final String QUEUED = "io.floodlock.Queued";
    static final String DISTRIBUTED_TX = "io.floodlock.DistributedTx";
    static final String PESSIMISTIC_LOCK = "io.floodlock.PessimisticLock";
    static final String SHARED_LOCK = "io.floodlock.SharedLock";

    private static final Set<String> CONTAINERS = Set.of("io.floodlock.PessimisticLocks", "io.floodlock.SharedLocks");

    /** The packages of annotations that never carry Floodlock's. The agent skips the same. */
    private static final List<String> FOREIGN = List.of(
            "java.",
            "javax.",
            "jakarta.",
            "jdk.",
            "sun.",
            "kotlin.",
            "scala.",
            "org.jetbrains.",
            "org.jspecify.",
            "com.google.errorprone.");

    /** The compiler's value for what it can't evaluate. */
    private static final String UNRESOLVED = "<error>";

    /** All rules of that annotation that apply to the method, in the order in which they are written. */
    static List<FloodlockRule> of(Element method, String annotation) {
        List<FloodlockRule> found = new ArrayList<>();
        for (AnnotationMirror each : method.getAnnotationMirrors()) {
            collect(each, each, "", annotation, found, new HashSet<>());
        }
        return found;
    }

    /** Whether a method with this annotation has a rule of that other annotation, or is it. */
    static boolean carries(TypeElement type, String annotation) {
        if (type.getQualifiedName().contentEquals(annotation)) {
            return true;
        }
        return !isForeign(type) && !of(type, annotation).isEmpty();
    }

    private static void collect(
            AnnotationMirror at,
            AnnotationMirror shown,
            String carrier,
            String annotation,
            List<FloodlockRule> found,
            Set<String> visited) {
        TypeElement type = (TypeElement) at.getAnnotationType().asElement();
        String name = type.getQualifiedName().toString();
        if (name.equals(annotation)) {
            found.add(new FloodlockRule(at, shown, carrier + "@" + type.getSimpleName()));
        } else if (CONTAINERS.contains(name)) {
            for (AnnotationMirror repeated : repeated(at)) {
                collect(repeated, carrier.isEmpty() ? repeated : shown, carrier, annotation, found, visited);
            }
        } else if (!isForeign(type) && visited.add(name)) {
            String title = carrier.isEmpty() ? "@" + type.getSimpleName() + "'s " : carrier;
            for (AnnotationMirror meta : type.getAnnotationMirrors()) {
                collect(meta, shown, title, annotation, found, visited);
            }
        }
    }

    private static List<AnnotationMirror> repeated(AnnotationMirror container) {
        List<AnnotationMirror> out = new ArrayList<>();
        for (AnnotationValue value : container.getElementValues().values()) {
            if (value.getValue() instanceof List<?> list) {
                for (Object each : list) {
                    if (((AnnotationValue) each).getValue() instanceof AnnotationMirror mirror) {
                        out.add(mirror);
                    }
                }
            }
        }
        return out;
    }

    private static boolean isForeign(TypeElement type) {
        String name = type.getQualifiedName().toString();
        return FOREIGN.stream().anyMatch(name::startsWith);
    }

    /** The written value of an attribute; null if it is left out. */
    AnnotationValue value(String attribute) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> each :
                written.getElementValues().entrySet()) {
            if (each.getKey().getSimpleName().contentEquals(attribute)) {
                return each.getValue();
            }
        }
        return null;
    }

    /** The value as text: a constant of an enum by its name. */
    String text(String attribute, String byDefault) {
        AnnotationValue value = value(attribute);
        // a constant that does not exist is the compiler's error
        if (value == null || UNRESOLVED.equals(value.getValue())) {
            return byDefault;
        }
        return value.getValue() instanceof VariableElement constant
                ? constant.getSimpleName().toString()
                : String.valueOf(value.getValue());
    }

    /** Where an error of that attribute is reported; null for the whole annotation. */
    AnnotationValue position(String attribute) {
        return written.equals(shown) ? value(attribute) : null;
    }
}
