package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The name of an annotation in a pattern. {@code com.shop.Audited} is one class; {@code com.shop.Orders.Audited} may
 * also be a nested class, so there is one descriptor for each possible nesting.
 */
record AnnotationName(List<String> descriptors, List<Needle> needles) {

    private static final String INHERITED = "Ljava/lang/annotation/Inherited;";

    static AnnotationName of(String name) {
        List<String> descriptors = new ArrayList<>();
        StringBuilder binary = new StringBuilder(name.replace('.', '/'));
        descriptors.add("L" + binary + ";");
        for (int joint = binary.lastIndexOf("/"); joint > 0; joint = binary.lastIndexOf("/", joint - 1)) {
            binary.setCharAt(joint, '$');
            descriptors.add("L" + binary + ";");
        }
        List<Needle> needles = new ArrayList<>();
        for (String descriptor : descriptors) {
            needles.add(Needle.of(descriptor));
        }
        return new AnnotationName(List.copyOf(descriptors), List.copyOf(needles));
    }

    /** Whether the class or one of its members may carry the annotation; false is certain. */
    boolean mayBeIn(ClassSketch glance) {
        return glance.mayCarry(needles);
    }

    boolean isAmong(Set<String> annotations) {
        for (String descriptor : descriptors) {
            if (annotations.contains(descriptor)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the annotation is {@code @Inherited}, so that subclasses have it too; false if its class file is
     * missing.
     */
    boolean isInherited(Types types) {
        for (String descriptor : descriptors) {
            TypeShape shape =
                    types.find(descriptor.substring(1, descriptor.length() - 1).replace('/', '.'));
            if (shape != null) {
                return shape.annotations().contains(INHERITED);
            }
        }
        return false;
    }
}
