package io.floodlock.processor;

import java.util.List;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Checks that the method which {@code batch} names can run several calls of a queued method. */
final class BatchCheck {

    private final QueuedElement queued;
    private final TypeModel model;

    BatchCheck(QueuedElement queued, TypeModel model) {
        this.queued = queued;
        this.model = model;
    }

    /** @throws IllegalArgumentException if it can't */
    void check() {
        ExecutableElement method = find();
        if (method.getModifiers().contains(Modifier.STATIC) != queued.isStatic()) {
            throw wrong("one of the two is static and the other is not");
        }
        checkElement(argument(method.getParameters().get(0).asType(), "its parameter needs a type: List<..>"));
        checkResult(method);
    }

    private ExecutableElement find() {
        Element owner = queued.element().getEnclosingElement();
        List<ExecutableElement> found = owner.getEnclosedElements().stream()
                .filter(each -> each.getKind() == ElementKind.METHOD
                        && each.getSimpleName().contentEquals(queued.rule().text("batch", "")))
                .map(ExecutableElement.class::cast)
                .filter(each -> each.getParameters().size() == 1
                        && isList(each.getParameters().get(0).asType()))
                .toList();
        if (found.size() != 1) {
            throw wrong("class " + queued.owner() + " has no method of that name with a List as its only parameter");
        }
        return found.get(0);
    }

    private boolean isList(TypeMirror type) {
        return model.name(type).equals("java.util.List");
    }

    private TypeMirror argument(TypeMirror type, String problem) {
        List<? extends TypeMirror> arguments =
                type instanceof DeclaredType declared ? declared.getTypeArguments() : List.of();
        if (arguments.isEmpty()) {
            throw wrong(problem);
        }
        return arguments.get(0);
    }

    private void checkElement(TypeMirror element) {
        List<TypeMirror> parameters = queued.element().getParameters().stream()
                .map(VariableElement::asType)
                .toList();
        if (parameters.size() == 1 && model.isSame(element, model.boxed(parameters.get(0)))) {
            return;
        }
        if (element instanceof DeclaredType type
                && type.getTypeArguments().isEmpty()
                && hasComponents(TypeModel.element(type), parameters)) {
            return;
        }
        throw wrong("its list holds " + model.text(element) + ", but it must hold "
                + (parameters.size() == 1 ? model.text(model.boxed(parameters.get(0))) + ", or " : "")
                + "a record with the components ("
                + parameters.stream().map(model::text).collect(Collectors.joining(", ")) + ")");
    }

    private boolean hasComponents(TypeElement type, List<TypeMirror> wanted) {
        List<? extends RecordComponentElement> components = type.getRecordComponents();
        if (type.getKind() != ElementKind.RECORD || components.size() != wanted.size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            if (!model.isSame(components.get(i).asType(), wanted.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void checkResult(ExecutableElement method) {
        boolean answers = queued.element().getReturnType().getKind() != TypeKind.VOID;
        TypeMirror result =
                answers ? argument(queued.element().getReturnType(), "the queued method's future needs a type") : null;
        boolean wantsNothing = !answers || model.name(result).equals("java.lang.Void");
        TypeMirror returned = method.getReturnType();
        if (returned.getKind() == TypeKind.VOID && wantsNothing) {
            return;
        }
        if (answers
                && isList(returned)
                && model.isSame(argument(returned, "its result needs a type: List<..>"), result)) {
            return;
        }
        throw wrong("it returns " + model.text(returned) + ", but it must return "
                + (wantsNothing ? "void" : "List<" + model.text(result) + ">, a result for each call"));
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(
                "batch is \"" + queued.rule().text("batch", "") + "\", but that method does not fit: " + why);
    }
}
