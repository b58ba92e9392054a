package io.floodlock.faults;

import io.floodlock.PessimisticLock;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles what this build's own rules would not let pass, or against libraries that this build does not use. */
public final class Sources {

    private Sources() {}

    /** Compiles one class against the annotations and these libraries, without parameter names. */
    public static void compile(Path into, String className, String text, Path... libraries) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new IllegalStateException("these tests run on a JDK, not on a JRE: it has no compiler");
        }
        String classPath = Stream.concat(Stream.of(ClassPath.of(PessimisticLock.class)), Stream.of(libraries))
                .map(Path::toString)
                .collect(Collectors.joining(System.getProperty("path.separator")));
        List<String> options =
                new ArrayList<>(List.of("--release", "17", "-proc:none", "-cp", classPath, "-d", into.toString()));
        StringWriter messages = new StringWriter();
        boolean done = compiler.getTask(messages, null, null, options, null, List.of(new Source(className, text)))
                .call();
        if (!done) {
            throw new IllegalStateException(className + " doesn't compile:\n" + messages);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String className, String text) {
            super(URI.create("string:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
