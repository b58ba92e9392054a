package io.floodlock.processor;

import io.floodlock.processor.MessageManifest.Kind;
import io.floodlock.processor.MessageManifest.Message;
import io.floodlock.processor.MessageManifest.Parameter;
import io.floodlock.processor.MessageManifest.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;

/** Describes queued methods as the codec sees them. Works on methods that the checks have accepted. */
final class ManifestBuilder {

    private final TypeModel model;
    private final SortedMap<String, Structure> structures = new TreeMap<>();

    ManifestBuilder(TypeModel model) {
        this.model = model;
    }

    MessageManifest build(List<QueuedElement> methods) {
        SortedMap<String, Message> messages = new TreeMap<>();
        for (QueuedElement method : methods) {
            List<Parameter> parameters = new ArrayList<>();
            for (VariableElement parameter : method.element().getParameters()) {
                parameters.add(new Parameter(parameter.getSimpleName().toString(), described(parameter.asType())));
            }
            TypeMirror stored = ResultTypes.stored(method.element(), model);
            String result = stored == null ? "void" : described(stored);
            Message message = new Message(method.queue(), method.name(), List.copyOf(parameters), result);
            messages.put(message.id(), message);
        }
        return new MessageManifest(messages, structures);
    }

    /** The type's text; its structure and those of all types within it are added. */
    private String described(TypeMirror declared) {
        TypeMirror type = model.concrete(declared);
        add(type);
        return model.text(type);
    }

    private void add(TypeMirror type) {
        if (type instanceof ArrayType array) {
            add(array.getComponentType());
            return;
        }
        if (type.getKind() != TypeKind.DECLARED) {
            return;
        }
        DeclaredType at = (DeclaredType) type;
        if (PlatformTypes.find(model.name(type)) != null) {
            at.getTypeArguments().forEach(this::add);
            return;
        }
        String text = model.text(type);
        if (structures.containsKey(text)) {
            return;
        }
        TypeElement element = TypeModel.element(at);
        SortedMap<String, String> members = new TreeMap<>();
        if (element.getKind() == ElementKind.ENUM) {
            structures.put(text, new Structure(Kind.ENUM, members));
            addConstants(element, members);
        } else if (model.isSealed(element)) {
            structures.put(text, new Structure(Kind.SEALED, members));
            for (TypeElement permitted : model.permitted(element)) {
                members.put(permitted.getSimpleName().toString(), described(model.permittedAs(permitted, at)));
            }
        } else {
            structures.put(text, new Structure(Kind.OBJECT, members));
            addFields(at, members);
        }
    }

    private static void addConstants(TypeElement type, SortedMap<String, String> members) {
        for (Element each : type.getEnclosedElements()) {
            if (each.getKind() == ElementKind.ENUM_CONSTANT) {
                members.put(each.getSimpleName().toString(), "");
            }
        }
    }

    private void addFields(DeclaredType type, SortedMap<String, String> members) {
        for (DeclaredType at = type; at != null; at = model.superclass(at)) {
            for (VariableElement field : TypeModel.instanceFields(TypeModel.element(at))) {
                // the field of a subclass hides one of the same name
                if (!field.getModifiers().contains(Modifier.TRANSIENT)
                        && !members.containsKey(field.getSimpleName().toString())) {
                    members.put(field.getSimpleName().toString(), described(model.member(at, field)));
                }
            }
        }
    }
}
