package io.floodlock.forwarding;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.MirroredTypeException;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;

/**
 * The annotation processor of {@link Forwarding}: writes the generated superclass as source. It reads the interface
 * as declared in the target release ({@code --release}), whichever JDK compiles.
 */
@SupportedAnnotationTypes("io.floodlock.forwarding.Forwarding")
public final class ForwardingProcessor extends AbstractProcessor {

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (Element annotated : round.getElementsAnnotatedWith(Forwarding.class)) {
            try {
                write(annotated, annotated.getAnnotation(Forwarding.class));
            } catch (IOException e) {
                refuse(annotated, "can't be written: " + e);
            }
        }
        return true;
    }

    private void write(Element annotated, Forwarding forwarding) throws IOException {
        TypeElement target = element(forwarding::value);
        Set<String> except = new TreeSet<>(List.of(forwarding.except()));
        Set<String> unknown = new TreeSet<>(except);
        List<ExecutableElement> methods = new ArrayList<>();
        for (ExecutableElement method : ElementFilter.methodsIn(target.getEnclosedElements())) {
            String name = method.getSimpleName().toString();
            unknown.remove(name);
            if (!except.contains(name) && !method.getModifiers().contains(Modifier.STATIC)) {
                methods.add(method);
            }
        }
        if (!unknown.isEmpty()) {
            refuse(annotated, target + " declares no method " + unknown);
        }
        String owner = processingEnv.getElementUtils().getPackageOf(annotated).toString();
        String name = "Forwarding" + target.getSimpleName();
        try (Writer out = processingEnv
                .getFiler()
                .createSourceFile(owner + "." + name, annotated)
                .openWriter()) {
            out.write(new ForwardingSource(owner, name, target, element(forwarding::over), methods).text());
        }
    }

    /**
     * The class that an annotation attribute names. A class that is being compiled cannot be loaded; the attempt
     * throws an exception that contains its mirror.
     */
    private static TypeElement element(Supplier<Class<?>> value) {
        try {
            throw new IllegalStateException(value.get() + " was loaded");
        } catch (MirroredTypeException e) {
            return (TypeElement) ((DeclaredType) e.getTypeMirror()).asElement();
        }
    }

    private void refuse(Element annotated, String why) {
        processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, "@Forwarding: " + why, annotated);
    }
}
