package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.floodlock.processor.FloodlockProcessor;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.key.KeyTemplate;
import io.floodlock.runtime.queue.payload.ArgumentsCodec;
import io.floodlock.runtime.queue.payload.PayloadMapper;
import io.floodlock.weaver.scan.UnobservableResult;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The annotation processor and the agent say the same of each public type of the JDK that an application may pass: as
 * an argument of a stored call, and as the value in a key.
 */
class ProcessorTypesTest {

    private static final List<String> PACKAGES = List.of(
            "java.base/java/io",
            "java.base/java/lang",
            "java.base/java/math",
            "java.base/java/net",
            "java.base/java/nio/file",
            "java.base/java/text",
            "java.base/java/time",
            "java.base/java/util",
            "java.sql/java/sql");

    @TempDir
    private Path folder;

    @Test
    void bothSayTheSameOfEachTypeOfTheJdk() throws Exception {
        List<String> types = types();
        // types of previews can't be named
        Set<Integer> unusable = compile(types, null).keySet();
        List<String> usable = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            if (!unusable.contains(i)) {
                usable.add(types.get(i));
            }
        }
        assertEquals(Map.of(), compile(usable, null));
        assertTrue(usable.size() > 500, usable.size() + " types were found");
        Map<String, Set<String>> processor = new TreeMap<>();
        compile(usable, new FloodlockProcessor()).forEach((index, said) -> processor.put(usable.get(index), said));
        assertEquals(lines(agent(usable)), lines(processor));
        assertTrue(processor.size() > 300, processor.size() + " types are refused");
        assertTrue(processor.size() < usable.size() - 30, usable.size() + " types are tried");
    }

    /** Most of these types belong to libraries that are not here, so the lists are compared. */
    @Test
    void bothKnowTheSameResultsThatStandForUnfinishedWork() throws Exception {
        Class<?> results = Class.forName("io.floodlock.processor.ResultTypes");
        Set<String> ofAgent = new TreeSet<>();
        for (Object name : ((Map<?, ?>) constant(UnobservableResult.class, "REMEDIES")).keySet()) {
            ofAgent.add(name.toString().replace('/', '.'));
        }
        for (Object descriptor : ((Map<?, ?>) constant(ResultKind.class, "BY_TYPE")).keySet()) {
            String name = descriptor.toString();
            ofAgent.add(name.substring(1, name.length() - 1).replace('/', '.'));
        }
        assertEquals(ofAgent, new TreeSet<>((Set<?>) constant(results, "ASYNCHRONOUS")));
        Set<String> alone = new TreeSet<>();
        ((Set<?>) constant(UnobservableResult.class, "DRAWN_ALONE"))
                .forEach(name -> alone.add(name.toString().replace('/', '.')));
        assertEquals(alone, new TreeSet<>((Set<?>) constant(results, "ALONE")));
    }

    private static Object constant(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(null);
    }

    /** Text is shown better than a map where two differ. */
    private static String lines(Map<String, Set<String>> said) {
        StringBuilder out = new StringBuilder();
        said.forEach((type, messages) ->
                out.append(type).append(": ").append(messages).append('\n'));
        return out.toString();
    }

    private static List<String> types() throws IOException {
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules");
        List<String> found = new ArrayList<>();
        for (String each : PACKAGES) {
            try (Stream<Path> files = Files.walk(modules.resolve(each))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    String name = modules.relativize(file).toString();
                    Class<?> type = load(name.substring(name.indexOf('/') + 1)
                            .replace('/', '.')
                            .replaceFirst("\\.class$", ""));
                    if (type != null && isNameable(type)) {
                        found.add(type.getCanonicalName());
                    }
                }
            }
        }
        return found;
    }

    /** Null for a package-info. */
    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ClassLoader.getPlatformClassLoader());
        } catch (ClassNotFoundException | LinkageError unusable) {
            return null;
        }
    }

    private static boolean isNameable(Class<?> type) {
        for (Class<?> at = type; at != null; at = at.getDeclaringClass()) {
            if (!Modifier.isPublic(at.getModifiers())) {
                return false;
            }
        }
        return type.getCanonicalName() != null && type.getPackage() != null;
    }

    /** Messages by the index of the type. */
    private Map<Integer, Set<String>> compile(List<String> types, Processor processor) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            text.append("@io.floodlock.Queued(queue = \"q\", name = \"m")
                    .append(i)
                    .append("\", key = \"{p}\") void m")
                    .append(i)
                    .append("(")
                    .append(types.get(i))
                    .append(" p) {}\n");
        }
        String source = "@SuppressWarnings(\"all\") class All { static Object lookup() { return"
                + " java.lang.invoke.MethodHandles.lookup(); }\n" + text + "}";
        JavaFileObject file = new SimpleJavaFileObject(URI.create("memory:///All.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        List<String> options = new ArrayList<>(List.of(
                "-parameters", "-Xmaxerrs", "10000", "-cp", App.ANNOTATIONS.toString(), "-d", folder.toString()));
        if (processor == null) {
            options.add("-proc:none");
        }
        var task = ToolProvider.getSystemJavaCompiler()
                .getTask(new StringWriter(), null, said, options, null, List.of(file));
        if (processor != null) {
            task.setProcessors(List.of(processor));
        }
        task.call();
        Map<Integer, Set<String>> messages = new TreeMap<>();
        for (Diagnostic<?> each : said.getDiagnostics()) {
            if (each.getKind() == Diagnostic.Kind.ERROR) {
                // the first type is in the second line
                messages.computeIfAbsent((int) each.getLineNumber() - 2, any -> new TreeSet<>())
                        .add(comparable(each.getMessage(null)));
            }
        }
        return messages;
    }

    private Map<String, Set<String>> agent(List<String> types) throws Exception {
        Map<String, Set<String>> said = new TreeMap<>();
        URL[] path = {folder.toUri().toURL(), App.ANNOTATIONS.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            Class<?> all = Class.forName("All", true, loader);
            Method lookup = all.getDeclaredMethod("lookup");
            lookup.setAccessible(true);
            MethodHandles.Lookup caller = (MethodHandles.Lookup) lookup.invoke(null);
            ObjectMapper mapper = PayloadMapper.create();
            KeyTemplate key = KeyTemplate.parse("{p}");
            for (Method method : all.getDeclaredMethods()) {
                if (method.getParameterCount() == 1) {
                    String type = types.get(Integer.parseInt(method.getName().substring(1)));
                    collect(said, type, () -> new ArgumentsCodec(method, mapper));
                    collect(said, type, () -> key.bind(caller, method, List.of("p")));
                }
            }
        }
        return said;
    }

    private static void collect(Map<String, Set<String>> said, String type, Runnable check) {
        try {
            check.run();
        } catch (RuntimeException e) {
            said.computeIfAbsent(type, any -> new TreeSet<>()).add(comparable(e.getMessage()));
        }
    }

    /** Without the words before the place, which differ. */
    private static String comparable(String message) {
        int key = message.indexOf("key \"");
        return key >= 0 ? message.substring(key) : message.substring(Math.max(0, message.indexOf("parameter p")));
    }
}
