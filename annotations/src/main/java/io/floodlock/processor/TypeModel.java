package io.floodlock.processor;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.PrimitiveType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;

/**
 * Declared types as the agent sees them when their classes are loaded. A concrete type has neither type variables nor
 * wildcards: each is replaced by its upper bound, because a decoder knows no more. All other classes of this package
 * work on concrete types.
 */
final class TypeModel {

    private final Elements elements;
    private final Types types;

    TypeModel(Elements elements, Types types) {
        this.elements = elements;
        this.types = types;
    }

    /** The same type with upper bounds in place of type variables and wildcards. Also removes type annotations. */
    TypeMirror concrete(TypeMirror type) {
        return concrete(type, new HashSet<>());
    }

    /** @param open type variables that are being resolved; a bound may name its own variable */
    private TypeMirror concrete(TypeMirror type, Set<Element> open) {
        return switch (type.getKind()) {
            case TYPEVAR -> {
                TypeVariable variable = (TypeVariable) type;
                Element element = variable.asElement();
                if (!open.add(element)) {
                    yield types.erasure(variable.getUpperBound());
                }
                TypeMirror bound = concrete(variable.getUpperBound(), open);
                open.remove(element);
                yield bound;
            }
            case INTERSECTION -> concrete(((IntersectionType) type).getBounds().get(0), open);
            case WILDCARD -> {
                TypeMirror bound = ((WildcardType) type).getExtendsBound();
                yield bound == null ? object() : concrete(bound, open);
            }
            case ARRAY -> types.getArrayType(concrete(((ArrayType) type).getComponentType(), open));
            case DECLARED -> concreteClass((DeclaredType) type, open);
            default -> type.getKind().isPrimitive() ? types.getPrimitiveType(type.getKind()) : type;
        };
    }

    private TypeMirror concreteClass(DeclaredType type, Set<Element> open) {
        TypeElement element = (TypeElement) type.asElement();
        List<? extends TypeMirror> given = type.getTypeArguments().isEmpty()
                ? element.getTypeParameters().stream().map(Element::asType).toList()
                : type.getTypeArguments();
        List<TypeMirror> arguments = new ArrayList<>();
        for (TypeMirror argument : given) {
            arguments.add(concrete(argument, open));
        }
        return types.getDeclaredType(element, arguments.toArray(TypeMirror[]::new));
    }

    DeclaredType object() {
        return types.getDeclaredType(elements.getTypeElement("java.lang.Object"));
    }

    boolean isSame(TypeMirror one, TypeMirror other) {
        return types.isSameType(one, other);
    }

    /** The class that stands for a primitive type; any other type itself. */
    TypeMirror boxed(TypeMirror type) {
        return type instanceof PrimitiveType primitive
                ? types.boxedClass(primitive).asType()
                : type;
    }

    TypeMirror erasure(TypeMirror type) {
        return types.erasure(type);
    }

    /** The type of a field, or the result of a method, of that owner. */
    TypeMirror member(DeclaredType owner, Element member) {
        TypeMirror type = types.asMemberOf(owner, member);
        return concrete(type.getKind() == TypeKind.EXECUTABLE ? ((ExecutableType) type).getReturnType() : type);
    }

    /** Fields that belong to an object of the class itself, without those of its superclasses. */
    static List<VariableElement> instanceFields(TypeElement type) {
        return ElementFilter.fieldsIn(type.getEnclosedElements()).stream()
                .filter(field -> !field.getModifiers().contains(Modifier.STATIC))
                .toList();
    }

    /** Null for an interface and for {@code Object}. */
    DeclaredType superclass(DeclaredType type) {
        if (isInterface(element(type))) {
            return null;
        }
        for (TypeMirror each : types.directSupertypes(type)) {
            if (each instanceof DeclaredType parent && !isInterface(element(parent))) {
                return (DeclaredType) concrete(parent);
            }
        }
        return null;
    }

    /** All interfaces of a type, inherited ones too, without the type itself. */
    List<DeclaredType> interfaces(DeclaredType type) {
        List<DeclaredType> out = new ArrayList<>();
        for (TypeMirror each : types.directSupertypes(type)) {
            if (each instanceof DeclaredType parent && isInterface(element(parent))) {
                DeclaredType found = (DeclaredType) concrete(parent);
                out.add(found);
                out.addAll(interfaces(found));
            }
        }
        return out;
    }

    /** The type seen as that supertype, with its type arguments; null if it is none. */
    DeclaredType as(TypeMirror type, String supertype) {
        DeclaredType seen = seenAs(type, supertype);
        return seen == null ? null : (DeclaredType) concrete(seen);
    }

    private DeclaredType seenAs(TypeMirror type, String supertype) {
        if (type.getKind() != TypeKind.DECLARED) {
            return null;
        }
        if (element((DeclaredType) type).getQualifiedName().contentEquals(supertype)) {
            return (DeclaredType) type;
        }
        for (TypeMirror each : types.directSupertypes(type)) {
            DeclaredType found = seenAs(each, supertype);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    boolean isA(TypeMirror type, String supertype) {
        return as(type, supertype) != null;
    }

    static TypeElement element(DeclaredType type) {
        return (TypeElement) type.asElement();
    }

    static boolean isInterface(TypeElement type) {
        return type.getKind().isInterface();
    }

    /** Whether the agent treats the type as sealed: a type of the application whose permitted subtypes are known. */
    boolean isSealed(TypeElement type) {
        return type.getModifiers().contains(Modifier.SEALED)
                && type.getKind() != ElementKind.ENUM
                && PlatformTypes.find(binaryName(type)) == null;
    }

    /** The concrete classes that a sealed type permits, directly or through permitted sealed types. */
    List<TypeElement> permitted(TypeElement sealed) {
        List<TypeElement> out = new ArrayList<>();
        for (TypeMirror each : sealed.getPermittedSubclasses()) {
            if (each.getKind() != TypeKind.DECLARED) {
                continue;
            }
            TypeElement permitted = element((DeclaredType) each);
            if (isSealed(permitted)) {
                out.addAll(permitted(permitted));
            } else {
                out.add(permitted);
            }
        }
        return out;
    }

    /** The permitted class with the type arguments that follow from those of its sealed supertype. */
    DeclaredType permittedAs(TypeElement permitted, DeclaredType sealed) {
        DeclaredType declared = (DeclaredType) permitted.asType();
        DeclaredType seen = seenAs(declared, element(sealed).getQualifiedName().toString());
        List<TypeMirror> arguments = new ArrayList<>();
        for (TypeMirror variable : declared.getTypeArguments()) {
            int index = seen == null ? -1 : indexOf(seen.getTypeArguments(), variable);
            boolean known = index >= 0 && index < sealed.getTypeArguments().size();
            arguments.add(known ? sealed.getTypeArguments().get(index) : concrete(variable));
        }
        return types.getDeclaredType(permitted, arguments.toArray(TypeMirror[]::new));
    }

    private int indexOf(List<? extends TypeMirror> all, TypeMirror wanted) {
        for (int i = 0; i < all.size(); i++) {
            if (types.isSameType(all.get(i), wanted)) {
                return i;
            }
        }
        return -1;
    }

    String binaryName(TypeElement type) {
        return elements.getBinaryName(type).toString();
    }

    /** The binary name of a class, without type arguments; source text for all other types. */
    String name(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED ? binaryName(element((DeclaredType) type)) : type.toString();
    }

    /** The whole type, with binary names and without blanks: {@code java.util.List<com.shop.Item>[]}. */
    String text(TypeMirror type) {
        if (type instanceof ArrayType array) {
            return text(array.getComponentType()) + "[]";
        }
        if (!(type instanceof DeclaredType declared)
                || declared.getTypeArguments().isEmpty()) {
            return name(type);
        }
        return declared.getTypeArguments().stream()
                .map(this::text)
                .collect(Collectors.joining(",", name(type) + "<", ">"));
    }
}
