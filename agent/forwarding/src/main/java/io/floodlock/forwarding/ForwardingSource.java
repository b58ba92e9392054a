package io.floodlock.forwarding;

import java.util.List;
import java.util.StringJoiner;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** The source text of one generated class, with all type names fully qualified. */
final class ForwardingSource {

    private final StringBuilder text = new StringBuilder();

    ForwardingSource(String owner, String name, TypeElement target, TypeElement over, List<ExecutableElement> methods) {
        line("package " + owner + ";");
        line("");
        line("/** Passes calls on to a delegate. */");
        line("@SuppressWarnings(\"deprecation\")");
        line("abstract class " + name + " extends " + over + " implements " + target + " {");
        ElementFilter.constructorsIn(over.getEnclosedElements()).forEach(one -> constructor(name, one));
        line("");
        line("    abstract " + target + " delegate();");
        methods.forEach(this::method);
        line("}");
    }

    String text() {
        return text.toString();
    }

    private void constructor(String name, ExecutableElement one) {
        line("");
        line("    " + name + declared(one) + thrown(one) + " {");
        line("        super" + passed(one) + ";");
        line("    }");
    }

    private void method(ExecutableElement method) {
        String name = method.getSimpleName().toString();
        String type = typeParameters(method) + method.getReturnType();
        line("");
        if (method.getAnnotation(Deprecated.class) != null) {
            line("    @Deprecated");
        }
        line("    @Override");
        line("    public " + type + " " + name + declared(method) + thrown(method) + " {");
        String result = method.getReturnType().getKind() == TypeKind.VOID ? "" : "return ";
        line("        " + result + "delegate()." + name + passed(method) + ";");
        line("    }");
    }

    private static String declared(ExecutableElement method) {
        StringJoiner all = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < method.getParameters().size(); i++) {
            all.add(method.getParameters().get(i).asType() + " p" + i);
        }
        return all.toString();
    }

    private static String passed(ExecutableElement method) {
        StringJoiner all = new StringJoiner(", ", "(", ")");
        for (int i = 0; i < method.getParameters().size(); i++) {
            all.add("p" + i);
        }
        return all.toString();
    }

    private static String typeParameters(ExecutableElement method) {
        StringJoiner all = new StringJoiner(", ", "<", "> ").setEmptyValue("");
        for (TypeParameterElement one : method.getTypeParameters()) {
            StringJoiner bounds = new StringJoiner(" & ", one + " extends ", "");
            one.getBounds().forEach(bound -> bounds.add(bound.toString()));
            all.add(bounds.toString());
        }
        return all.toString();
    }

    private static String thrown(ExecutableElement method) {
        StringJoiner all = new StringJoiner(", ", " throws ", "").setEmptyValue("");
        for (TypeMirror one : method.getThrownTypes()) {
            all.add(one.toString());
        }
        return all.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
