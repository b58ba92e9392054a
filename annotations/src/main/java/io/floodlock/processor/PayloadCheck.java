package io.floodlock.processor;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/**
 * Checks whether values of a declared type can travel in a stored call, including the types of all nested values. A
 * type that is not known to be able to travel is refused. The agent decides the same when it registers the method.
 */
final class PayloadCheck {

    /** What is deeper has no end, as a {@code Node<T>} that contains a {@code Node<List<T>>}. */
    private static final int DEEPEST = 200;

    private final TypeModel model;
    private final Set<String> seen = new HashSet<>();
    private boolean endless;

    PayloadCheck(TypeModel model) {
        this.model = model;
    }

    /**
     * @param where the parameter or the result
     * @throws IllegalArgumentException whose message names the place, the type and the remedy
     */
    void check(TypeMirror type, String where) {
        TypeMirror whole = model.concrete(type);
        check(whole, where, 0);
        if (endless) {
            throw refusal(where, whole, PayloadForm.ENDLESS);
        }
    }

    private void check(TypeMirror type, String where, int depth) {
        if (type instanceof ArrayType array) {
            check(array.getComponentType(), where + "[]", depth + 1);
            return;
        }
        endless |= depth > DEEPEST;
        // an unknown class is the compiler's error
        if (type.getKind() != TypeKind.DECLARED || endless) {
            return;
        }
        DeclaredType declared = (DeclaredType) type;
        TypeElement element = TypeModel.element(declared);
        Class<?> platform = PlatformTypes.find(model.name(type));
        PayloadForm form = PayloadForm.of(platform);
        if (form == PayloadForm.VALUE || element.getKind() == ElementKind.ENUM || !seen.add(model.text(type))) {
            return;
        }
        switch (form) {
            case COLLECTION -> check(argument(declared, 0), where + "[]", depth + 1);
            case OPTIONAL -> check(argument(declared, 0), where, depth + 1);
            case MAP -> {
                checkMapKey(argument(declared, 0), where);
                check(argument(declared, 1), where + "[]", depth + 1);
            }
            default -> {
                if (platform != null) {
                    throw refusal(where, type, PayloadForm.remedy(platform));
                }
                checkOfApplication(declared, where, depth);
            }
        }
    }

    private static TypeMirror argument(DeclaredType type, int index) {
        return type.getTypeArguments().get(index);
    }

    private void checkMapKey(TypeMirror key, String where) {
        boolean isEnum = key instanceof DeclaredType declared
                && TypeModel.element(declared).getKind() == ElementKind.ENUM;
        if (!isEnum && PayloadForm.of(PlatformTypes.find(model.name(key))) != PayloadForm.VALUE) {
            throw refusal(where + "'s keys", key, PayloadForm.MAP_KEY);
        }
    }

    private void checkOfApplication(DeclaredType type, String where, int depth) {
        TypeElement element = TypeModel.element(type);
        if (model.isSealed(element)) {
            checkSealed(type, where, depth);
        } else if (TypeModel.isInterface(element) || element.getModifiers().contains(Modifier.ABSTRACT)) {
            throw refusal(where, type, PayloadForm.OPEN);
        } else {
            if (element.getKind() != ElementKind.RECORD) {
                checkObject(type, where);
            }
            checkFields(type, where, depth);
        }
    }

    private void checkSealed(DeclaredType type, String where, int depth) {
        Map<String, TypeElement> names = new HashMap<>();
        for (TypeElement permitted : model.permitted(TypeModel.element(type))) {
            DeclaredType as = model.permittedAs(permitted, type);
            if (!permitted.getModifiers().contains(Modifier.FINAL)) {
                throw refusal(where, as, PayloadForm.OPEN_PERMITTED);
            }
            TypeElement other = names.put(permitted.getSimpleName().toString(), permitted);
            if (other != null) {
                String remedy = "it has the same simple name as " + model.binaryName(other) + ": rename one";
                throw refusal(where, as, remedy);
            }
            check(as, where, depth + 1);
        }
    }

    private void checkObject(DeclaredType type, String where) {
        TypeElement element = TypeModel.element(type);
        if (model.isA(type, "java.lang.Throwable")
                || model.isA(type, "java.util.Map")
                || model.isA(type, "java.lang.Iterable")) {
            throw refusal(where, type, PayloadForm.UNFIT);
        }
        if (element.getNestingKind() != NestingKind.TOP_LEVEL
                && !element.getModifiers().contains(Modifier.STATIC)) {
            throw refusal(where, type, PayloadForm.ENCLOSED);
        }
        boolean constructible = ElementFilter.constructorsIn(element.getEnclosedElements()).stream()
                .anyMatch(constructor -> constructor.getParameters().isEmpty());
        if (!constructible) {
            throw refusal(where, type, PayloadForm.NO_CONSTRUCTOR);
        }
    }

    private void checkFields(DeclaredType type, String where, int depth) {
        for (DeclaredType at = type; at != null; at = model.superclass(at)) {
            for (VariableElement field : TypeModel.instanceFields(TypeModel.element(at))) {
                if (!field.getModifiers().contains(Modifier.TRANSIENT)) {
                    check(model.member(at, field), where + "." + field.getSimpleName(), depth + 1);
                }
            }
        }
    }

    private IllegalArgumentException refusal(String where, TypeMirror type, String remedy) {
        return new IllegalArgumentException(
                where + " is a " + model.name(type) + ", which can't be serialized; " + remedy);
    }
}
