package io.floodlock.weaver.pointcut;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.Opcodes;
import org.aspectj.weaver.ResolvedType;
import org.aspectj.weaver.tools.StandardPointcutExpression;
import org.junit.jupiter.api.Test;

/**
 * AspectJ's own matching over whole libraries is the measure: for every method of every class both must say the same. Each
 * pointcut must have hits, else their agreement would say nothing.
 */
class DifferentialIT {

    private static final String[] POINTCUTS = {
        // names and modifiers
        "execution(* getBean(..))",
        "execution(* *.getBean(..))",
        "execution(* *.set*(int))",
        "execution(* get*(..))",
        "execution(* *Bean*Name*(..))",
        "execution(public static * *(..))",
        "execution(public !static !final void set*(*))",
        "execution(private * *(..))",
        "execution(synchronized * *(..))",
        "execution(protected abstract * *(..))",
        // results
        "execution(void close())",
        "execution(!void close*(..))",
        "execution(boolean is*())",
        "execution(int *(int, ..))",
        "execution(byte[] *(..))",
        "execution(String[] *(..))",
        "execution(java.util.Map.Entry *(..))",
        "execution(java.util.Map$Entry *(..))",
        "execution((int || long) *(..))",
        "execution(java.util.Collection+ *(..))",
        "execution(!Object org.springframework.beans..*.get*(..))",
        "execution(Object[]+ *(..))",
        "execution(*..Set *(..))",
        // declaring types
        "execution(* org.springframework.beans.factory.BeanFactory.*(..))",
        "execution(* org.springframework.beans.factory.BeanFactory+.*(..))",
        "execution(* java.lang.Runnable.run())",
        "execution(* java.util.Collection.toArray(..))",
        "execution(* java.util.Collection.toArray(Object[]))",
        "execution(* java.util.Comparator.compare(..))",
        "execution(* java.util.Comparator.compare(Object, Object))",
        "execution(* org.springframework.core.convert.converter.Converter.convert(String))",
        "execution(int Comparable.compareTo(Object))",
        "execution(* org.springframework.context.ApplicationListener.onApplicationEvent(*))",
        "execution(* org.springframework.context.ApplicationListener.onApplicationEvent("
                + "org.springframework.context.ApplicationEvent+))",
        "execution(* org.springframework.beans.factory.config.*.*(..))",
        "execution(* org.springframework.beans.factory..*.*(..))",
        "execution(* org.springframework..*Factory.create*(..))",
        "execution(* *..*Factory.create*(String, ..))",
        "execution(* (org.springframework.beans.factory.FactoryBean || java.io.Closeable).*(..))",
        "execution(* (org.springframework.beans..* && !*..*Factory).get*(..))",
        "execution(* (!java..*).equals(Object))",
        "execution(* java.lang.Object.toString())",
        "execution(* org.springframework.core..*.*.*(..))",
        "execution(* com.zaxxer.hikari..*(..))",
        // nested classes
        "execution(* org.springframework.core.annotation.*.*(..))",
        "execution(* org.springframework..Builder.*(..))",
        "execution(* org.springframework.core.annotation.MergedAnnotations.Search.*(..))",
        "execution(* org.springframework.core.annotation.MergedAnnotations$Search.*(..))",
        "execution(* java.lang.Thread.UncaughtExceptionHandler.*(..))",
        // parameters
        "execution(* *(String, Object))",
        "execution(* *(.., Class))",
        "execution(* *(String, .., int))",
        "execution(* *(.., int, ..))",
        "execution(* *(Object[]))",
        "execution(* *(Object...))",
        "execution(* *(.., String...))",
        "execution(* *(*, *))",
        "execution(* *((*..*[] || byte[]), ..))",
        "execution((*..*[][] || byte[][] || char[][] || int[][]) *(..))",
        "execution(* *(java.util.Map+))",
        "execution(* *(java.util.*, java.util..*))",
        "execution(* *(!String))",
        "execution(* *((int || long), ..))",
        "execution(* *(Iterable))",
        "execution(* *(Number+))",
        // throws clauses
        "execution(* *(..) throws java.io.IOException)",
        "execution(* read*(..) throws java.io.IOException+)",
        "execution(* read*(..) throws !java.io.IOException)",
        "execution(* *(..) throws Exception, !java.io.IOException)",
        "execution(* *(..) throws (java.io.IOException || java.sql.SQLException))",
        // annotations
        "@annotation(Deprecated)",
        "@annotation(org.springframework.lang.Contract)",
        "@annotation(java.lang.SafeVarargs)",
        "@within(java.lang.FunctionalInterface)",
        "@within(org.springframework.context.annotation.Configuration)",
        "@within(jakarta.annotation.ManagedBean) || @within(org.springframework.stereotype.Component)",
        "@within(org.springframework.transaction.annotation.Transactional) || @within(java.lang.Deprecated)",
        "!@annotation(Deprecated) && execution(* org.springframework.util.StringUtils.*(..))",
        // within
        "within(org.springframework.util.StringUtils)",
        "within(org.springframework.util.*)",
        "within(org.springframework.util..*)",
        "within(org.springframework.core.io.Resource+)",
        "within(org.springframework.beans..* && !*..*Exception)",
        "within(*..*Exception) && execution(String get*())",
        "within(!org.springframework..*) && execution(* close())",
        "within(Thread+) && execution(void run())",
        // all together
        "execution(* java.io.Closeable.close()) && !within(org.springframework..*)",
        "(execution(* get*()) || execution(* is*())) && within(org.springframework.core.env..*)",
        "execution(public * org.springframework.beans.factory.BeanFactory+.get*(String, ..))"
                + " && !@annotation(Deprecated) && !within(*..*Test)",
    };

    @Test
    void saysWhatAspectJSays() throws Exception {
        File[] jars = new File("target/corpus").listFiles();
        assertTrue(jars != null && jars.length > 5, "the libraries that the build copies are missing");
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = jars[i].toURI().toURL();
        }
        long started = System.nanoTime();
        try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
            Comparison comparison = new Comparison(loader);
            for (File jar : jars) {
                for (String name : classes(jar)) {
                    comparison.compare(name);
                }
            }
            comparison.print(System.nanoTime() - started);
            assertEquals(List.of(), comparison.differences.stream().limit(50).toList());
            assertEquals(List.of(), comparison.withoutHits());
            assertTrue(comparison.compared > 4000, comparison.compared + " classes");
        }
    }

    private static List<String> classes(File file) throws IOException {
        List<String> names = new ArrayList<>();
        try (JarFile jar = new JarFile(file)) {
            for (JarEntry entry : jar.stream().toList()) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF") && !name.endsWith("-info.class")) {
                    names.add(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'));
                }
            }
        }
        return names;
    }

    private static final class Comparison {

        private final ClassLoader loader;
        private final AspectJOracle oracle;
        private final List<StandardPointcutExpression> theirs = new ArrayList<>();
        private final List<Pointcut> ours = new ArrayList<>();
        private final int[] hits = new int[POINTCUTS.length];
        private int incomplete;
        final List<String> differences = new ArrayList<>();
        private final Map<String, Integer> missing = new TreeMap<>();
        private long ourTime;
        private int seen;
        int compared;

        Comparison(ClassLoader loader) {
            this.loader = loader;
            oracle = new AspectJOracle(loader);
            for (String pointcut : POINTCUTS) {
                theirs.add(oracle.parse(pointcut));
                ours.add(PointcutParser.parse(pointcut));
            }
        }

        void compare(String name) throws IOException {
            ResolvedType type = oracle.type(name);
            String parent = AspectJOracle.missingParent(type);
            if (parent != null) {
                missing.merge(parent, 1, Integer::sum);
                return;
            }
            compared++;
            long started = System.nanoTime();
            byte[] file;
            try (InputStream in = loader.getResourceAsStream(name.replace('.', '/') + ".class")) {
                file = in.readAllBytes();
            }
            ClassSketch glance = ClassSketch.of(file, name, ClassFiles.of(loader));
            TypeShape shape = ClassFiles.read(new ClassReader(file));
            BitSet[] matched = new BitSet[ours.size()];
            Arrays.setAll(matched, i -> new BitSet());
            BitSet compiled = new BitSet();
            List<MethodShape> methods = shape.methods();
            List<Subject> subjects = Subject.of(shape, ClassFiles.of(loader));
            for (int at = 0; at < methods.size(); at++) {
                MethodShape method = methods.get(at);
                if (method.name().startsWith("<") || method.is(Opcodes.ACC_BRIDGE | Opcodes.ACC_SYNTHETIC)) {
                    continue;
                }
                compiled.set(at);
                for (int i = 0; i < matched.length; i++) {
                    matched[i].set(at, ours.get(i).matches(subjects.get(at)));
                }
            }
            ourTime += System.nanoTime() - started;
            for (int i = 0; i < matched.length; i++) {
                if (ours.get(i).mayMatch(glance)) {
                    seen++;
                } else if (!matched[i].isEmpty()) {
                    differences.add("a glance for " + POINTCUTS[i] + " keeps out " + name);
                }
            }
            BitSet incompleteMethods = oracle.incomplete(type);
            incompleteMethods.and(compiled);
            incomplete += incompleteMethods.cardinality();
            compiled.andNot(incompleteMethods);
            for (int i = 0; i < matched.length; i++) {
                BitSet expected = oracle.matches(theirs.get(i), type);
                expected.and(compiled);
                matched[i].and(compiled);
                hits[i] += expected.cardinality();
                for (int at = compiled.nextSetBit(0); at >= 0; at = compiled.nextSetBit(at + 1)) {
                    if (expected.get(at) != matched[i].get(at)) {
                        MethodShape method = methods.get(at);
                        differences.add(POINTCUTS[i] + (expected.get(at) ? " misses " : " matches ") + name + "."
                                + method.name() + method.descriptor());
                    }
                }
            }
        }

        List<String> withoutHits() {
            List<String> without = new ArrayList<>();
            for (int i = 0; i < POINTCUTS.length; i++) {
                if (hits[i] == 0) {
                    without.add(POINTCUTS[i]);
                }
            }
            return without;
        }

        void print(long time) {
            int all = Arrays.stream(hits).sum();
            System.out.println(POINTCUTS.length + " pointcuts, " + compared + " classes, " + all + " matches, "
                    + differences.size() + " differences, " + seen + " glances let through; " + time / 1_000_000
                    + " ms, of which ours "
                    + ourTime / 1_000_000 + " ms");
            System.out.println("classes left out for a type missing in the hierarchy: "
                    + missing.values().stream().mapToInt(Integer::intValue).sum() + " " + missing
                    + "; methods left out that name a missing type: " + incomplete);
        }
    }
}
