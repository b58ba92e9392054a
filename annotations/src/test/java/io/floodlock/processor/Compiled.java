package io.floodlock.processor;

import io.floodlock.Floodlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** The result of a compilation with the processor: what it said, and the files that it wrote. All in memory. */
record Compiled(List<Diagnostic<? extends JavaFileObject>> said, Map<String, byte[]> files) {

    /** The sources of one compilation, and its options. */
    static final class Sources {

        private final List<JavaFileObject> sources = new ArrayList<>();
        private final List<Processor> processors = new ArrayList<>(List.of(new FloodlockProcessor()));
        private final List<String> options =
                new ArrayList<>(List.of("--release", "17", "-parameters", "-cp", annotations()));

        /** @param name as {@code com.shop.Orders} */
        Sources add(String name, String text) {
            sources.add(new Source(name, text));
            return this;
        }

        Sources option(String option) {
            options.add(option);
            return this;
        }

        Sources processor(Processor other) {
            processors.add(other);
            return this;
        }

        Compiled compile() {
            JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
            DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
            try (Memory files = new Memory(compiler.getStandardFileManager(said, null, StandardCharsets.UTF_8))) {
                var task = compiler.getTask(new StringWriter(), files, said, options, null, sources);
                task.setProcessors(processors);
                task.call();
                Map<String, byte[]> written = new TreeMap<>();
                files.written.forEach((name, bytes) -> written.put(name, bytes.toByteArray()));
                return new Compiled(said.getDiagnostics(), written);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static String annotations() {
        try {
            return Path.of(Floodlock.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of a file; null if it was not written. */
    String text(String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> errors() {
        return messages(Diagnostic.Kind.ERROR);
    }

    List<String> warnings() {
        return messages(Diagnostic.Kind.WARNING);
    }

    private List<String> messages(Diagnostic.Kind kind) {
        return said.stream()
                .filter(each -> each.getKind() == kind)
                .map(each -> each.getMessage(null))
                .toList();
    }

    /** The source text from the place of a message on. */
    static String place(Diagnostic<? extends JavaFileObject> said) {
        return ((Source) said.getSource()).text.substring((int) said.getStartPosition());
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String name, String text) {
            super(URI.create("memory:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {

        private final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

        Memory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return output(name.replace('.', '/') + kind.extension, kind);
        }

        @Override
        public FileObject getFileForOutput(Location location, String folder, String name, FileObject sibling) {
            return output(name, JavaFileObject.Kind.OTHER);
        }

        private JavaFileObject output(String name, JavaFileObject.Kind kind) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name.replace("$", "%24")), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    written.put(name, bytes);
                    return bytes;
                }

                /** Of a source that a processor has generated. */
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return written.get(name).toString(StandardCharsets.UTF_8);
                }
            };
        }
    }
}
