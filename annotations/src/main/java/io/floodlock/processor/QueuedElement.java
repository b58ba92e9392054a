package io.floodlock.processor;

import java.util.List;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;

/**
 * A method that carries {@code @Queued}, with the names under which its calls are stored. Immutable.
 *
 * @param owner the binary name of the declaring class
 * @param queue the queue in use, given or by default
 * @param name the method's name in stored calls, given or by default
 */
record QueuedElement(ExecutableElement element, FloodlockRule rule, String owner, String queue, String name) {

    static QueuedElement of(ExecutableElement element, FloodlockRule rule, TypeModel model) {
        String owner = model.binaryName((TypeElement) element.getEnclosingElement());
        return new QueuedElement(
                element,
                rule,
                owner,
                given(rule, "queue", owner),
                given(rule, "name", element.getSimpleName().toString()));
    }

    private static String given(FloodlockRule rule, String attribute, String byDefault) {
        String text = rule.text(attribute, "");
        return text.isEmpty() ? byDefault : text;
    }

    boolean isStatic() {
        return element.getModifiers().contains(Modifier.STATIC);
    }

    boolean isOfInterface() {
        ElementKind kind = element.getEnclosingElement().getKind();
        return kind.isInterface();
    }

    List<String> parameterNames() {
        return element.getParameters().stream()
                .map(VariableElement::getSimpleName)
                .map(Object::toString)
                .toList();
    }

    /** {@code com.shop.Orders.place(Order)} */
    String source() {
        return ((TypeElement) element.getEnclosingElement()).getQualifiedName() + "." + element;
    }
}
