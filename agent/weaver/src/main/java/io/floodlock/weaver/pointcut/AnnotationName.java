package io.floodlock.weaver.pointcut;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An annotation's name in a pattern, {@code com.shop.Audited}; {@code com.shop.Orders.Audited} may be a nested one. */
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

    /** Whether something in that class may carry it. */
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

    /** Whether subclasses have it too; no where its class file is missing. */
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
