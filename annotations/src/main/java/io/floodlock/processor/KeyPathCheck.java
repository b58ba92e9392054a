package io.floodlock.processor;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/**
 * Follows one path of a key through declared types, by the rules by which the agent binds it to the loaded classes. In
 * a map a step is the value of that key, in a list or an array the element. In any other type a step {@code id} is
 * {@code id()}, {@code getId()} or {@code isId()}, or the field {@code id}, in this order.
 */
final class KeyPathCheck {

    private final TypeModel model;
    private final KeyExpressionPath path;

    KeyPathCheck(TypeModel model, KeyExpressionPath path) {
        this.model = model;
        this.path = path;
    }

    /**
     * @param parameter its index, -1 for the instance
     * @return the error, in words that continue the path's text; null if the declared types show none
     */
    String refusal(QueuedElement method, int parameter) {
        Element start = parameter < 0
                ? method.element().getEnclosingElement()
                : method.element().getParameters().get(parameter);
        TypeMirror at = model.concrete(start.asType());
        try {
            for (int i = 0; i < path.steps().size() && isKnown(at); i++) {
                at = i == path.each() ? element(at) : step(at, path.steps().get(i));
            }
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        return isKnown(at) ? new KeyPartTypes(model).refusal(at, path.text()) : null;
    }

    /** An unknown class is the compiler's error. */
    private static boolean isKnown(TypeMirror type) {
        return type.getKind() != TypeKind.ERROR;
    }

    private TypeMirror element(TypeMirror type) {
        if (type instanceof ArrayType array) {
            return array.getComponentType();
        }
        DeclaredType collection = model.as(type, "java.util.Collection");
        if (collection != null) {
            return collection.getTypeArguments().get(0);
        }
        boolean isMap = model.isA(type, "java.util.Map");
        throw new IllegalArgumentException(KeyPartTypes.notEach(isMap, model.name(type)));
    }

    private TypeMirror step(TypeMirror type, String name) {
        DeclaredType map = model.as(type, "java.util.Map");
        if (map != null) {
            String keys = model.name(map.getTypeArguments().get(0));
            if (!KeyPartTypes.isNameable(keys)) {
                throw new IllegalArgumentException(KeyPartTypes.notNameable(name, keys));
            }
            return map.getTypeArguments().get(1);
        }
        boolean isIndex = KeyPartTypes.isIndex(name);
        if (isIndex && type instanceof ArrayType array) {
            return array.getComponentType();
        }
        DeclaredType list = isIndex ? model.as(type, "java.util.List") : null;
        return list != null ? list.getTypeArguments().get(0) : member(type, name);
    }

    private TypeMirror member(TypeMirror type, String name) {
        // an array has the methods of Object
        List<DeclaredType> ancestors = type instanceof DeclaredType declared
                ? ancestors(declared)
                : type instanceof ArrayType ? List.of(model.object()) : List.of();
        String capitalized = KeyPartTypes.capitalized(name);
        for (String getter : List.of(name, "get" + capitalized, "is" + capitalized)) {
            for (DeclaredType each : ancestors) {
                for (ExecutableElement method :
                        ElementFilter.methodsIn(TypeModel.element(each).getEnclosedElements())) {
                    if (isGetter(method, getter)) {
                        return model.member(each, method);
                    }
                }
            }
        }
        for (DeclaredType each : ancestors) {
            TypeElement element = TypeModel.element(each);
            for (VariableElement field : TypeModel.instanceFields(element)) {
                if (field.getSimpleName().contentEquals(name)) {
                    return model.member(each, field);
                }
            }
        }
        throw new IllegalArgumentException(KeyPartTypes.missing(name, model.name(type)));
    }

    /** The type and its superclasses from the bottom up, then their interfaces. */
    private List<DeclaredType> ancestors(DeclaredType type) {
        List<DeclaredType> classes = new ArrayList<>();
        for (DeclaredType at = type; at != null; at = model.superclass(at)) {
            classes.add(at);
        }
        List<DeclaredType> all = new ArrayList<>(classes);
        classes.forEach(each -> all.addAll(model.interfaces(each)));
        return all;
    }

    private static boolean isGetter(ExecutableElement method, String name) {
        return method.getSimpleName().contentEquals(name)
                && method.getParameters().isEmpty()
                && method.getReturnType().getKind() != TypeKind.VOID
                && !method.getModifiers().contains(Modifier.STATIC);
    }
}
