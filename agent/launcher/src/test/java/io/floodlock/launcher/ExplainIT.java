package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start logs of an application, and what the jar says of it without one, are the same. */
class ExplainIT {

    private static final String MAIN = """
            package com.example;
            import io.floodlock.*;
            public class Main {
                public static void main(String[] names) {
                    System.out.println("active " + Floodlock.isActive());
                    for (String name : new String[] {
                        "com.example.Orders", "com.example.Pool", "com.example.Late", "com.example.Typo",
                        "com.example.Plain", "com.example.lib.Desk", "com.example.lib.Stock", "com.example.lib.Stock$$SpringCGLIB$$0"}) {
                        try {
                            Class.forName(name);
                            System.out.println("loaded " + name);
                        } catch (ClassNotFoundException | LinkageError e) {
                            System.out.println("refused " + name + " with " + e.getClass().getSimpleName());
                        }
                    }
                }
            }
            """;

    private static final String ORDERS = """
            package com.example;
            import io.floodlock.*;
            import java.util.function.*;
            public class Orders implements Function<String, String> {
                @PessimisticLock(key = "stock:{0}", waitTime = "3s")
                public String apply(String product) { return product; }
                @Queued(queue = "orders") @DistributedTx
                static void place(long id) {}
                @Queued
                void cancel(long id) {}
                @PessimisticLock(key = "later")
                java.util.concurrent.CompletionStage<String> later() { return null; }
            }
            """;

    private static final String POOL = """
            package com.example;
            public abstract class Pool implements javax.sql.DataSource {
                public java.sql.Connection getConnection() { return null; }
            }
            """;

    private static final String LATE = """
            package com.example;
            import io.floodlock.*;
            public class Late {
                @SharedLock(key = "a")
                static java.util.concurrent.Future<String> later() { return null; }
            }
            """;

    private static final String TYPO = """
            package com.example;
            import io.floodlock.*;
            public class Typo {
                @SharedLock(key = "a", waitTime = "soon")
                static void locked() {}
            }
            """;

    private static final String STOCK = """
            package com.example.lib;
            import io.floodlock.*;
            public class Stock {
                @SharedLock(key = "a") @SharedLock(key = "b")
                public int count() { return 1; }
            }
            """;

    private static final String TRADE = """
            package com.example.lib;
            public interface Trade<T> { void settle(T what); }
            """;

    /** Not annotated; a bridge, and a supertype in its own archive. */
    private static final String DESK = """
            package com.example.lib;
            import io.floodlock.*;
            public class Desk implements Trade<String>, org.missing.Gone {
                public void settle(String what) { }
                @PessimisticLock(key = "annotated") void close() { }
                java.util.concurrent.Future<String> later() { return null; }
            }
            """;

    private static final String RULES = """
            # lines of every outcome
            pessimisticLock: execution(* com.example.lib.Trade+.settle(..)) key=trade:{0}
            sharedLock: execution(* com.example.Plain.plain(..)) key=plain waitTime=2s
            pessimisticLock: execution(* com.example.lib.Stock.count()) key=instead
            queued: execution(* com.example.nowhere.*.*(..))
            """;

    private static final String GENERATED = """
            package com.example.lib;
            import io.floodlock.*;
            public class Stock$$SpringCGLIB$$0 extends Stock {
                @Override @SharedLock(key = "a")
                public int count() { return super.count(); }
            }
            """;

    @TempDir
    Path folder;

    private Path classes;
    private Path library;

    @BeforeEach
    void compile() throws IOException {
        library = folder.resolve("stock.jar");
        Path stock = new Sources(Files.createDirectory(folder.resolve("stock")))
                .add("com/example/lib/Stock.java", STOCK)
                .add("com/example/lib/Trade.java", TRADE)
                .add("com/example/lib/Desk.java", DESK.replace(", org.missing.Gone", ""))
                .add("com/example/lib/Stock$$SpringCGLIB$$0.java", GENERATED)
                // what a generator makes has no line numbers
                .with("-g:none", "-cp", App.ANNOTATIONS.toString())
                .compile();
        Sources.jar(library, stock, "");
        classes = new Sources(Files.createDirectory(folder.resolve("app")))
                .add("com/example/Main.java", MAIN)
                .add("com/example/Orders.java", ORDERS)
                .add("com/example/Pool.java", POOL)
                .add("com/example/Late.java", LATE)
                .add("com/example/Typo.java", TYPO)
                .add("com/example/Plain.java", "package com.example; class Plain { static void plain() {} }")
                .with("-cp", App.ANNOTATIONS + ":" + library)
                .compile();
    }

    @PerJdk
    void saysTheSameOfASpringBootJarAsItsStart(Jdk jdk) {
        Path jar = BootArchive.jar(folder.resolve("app.jar"), "com.example.Main", classes, annotations(), library);
        sameAsStarted(jdk, jar, ForkedJvm.jar(jar));
    }

    @PerJdk
    void saysTheSameOfAWarAsItsStart(Jdk jdk) {
        Path war = BootArchive.war(folder.resolve("app.war"), "com.example.Main", classes, annotations(), library);
        sameAsStarted(jdk, war, ForkedJvm.jar(war));
    }

    @PerJdk
    void saysTheSameOfAFolderOfClassesAndJarsAsItsStart(Jdk jdk) throws IOException {
        Path whole = Files.createDirectory(folder.resolve("whole"));
        Files.move(classes, whole.resolve("classes"));
        Files.copy(library, whole.resolve("stock.jar"));
        Files.copy(annotations(), whole.resolve("annotations.jar"));
        sameAsStarted(
                jdk,
                whole,
                ForkedJvm.main("com.example.Main")
                        .classPath(
                                whole.resolve("classes"),
                                whole.resolve("stock.jar"),
                                whole.resolve("annotations.jar")));
    }

    @PerJdk
    void saysTheSameOfRulesAsTheStart(Jdk jdk) throws IOException {
        Path rules = Files.writeString(folder.resolve("shop.rules"), RULES);
        Path jar = BootArchive.jar(folder.resolve("app.jar"), "com.example.Main", classes, annotations(), library);
        Set<String> live;
        try (ForkedJvm jvm = ForkedJvm.jar(jar)
                .jdk(jdk)
                .jvmArgs(ShippedJar.option())
                .property("floodlock.explain", "true")
                .property("floodlock.rules", rules.toString())
                .property("floodlock.queue.mode", "inline")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            live = lines(jvm, ".* INFO floodlock \\[main\\] ((?:woven|passed over|refused) .+)");
        }
        try (ForkedJvm jvm = explain(jdk, jar.toString(), "--hooks", "--rules", rules.toString())
                .start()) {
            assertEquals(1, jvm.awaitExit(), jvm.output());
            assertEquals(String.join("\n", live), String.join("\n", lines(jvm, "  (.+)")));
            assertTrue(
                    jvm.lines().stream()
                            .anyMatch(line -> line.startsWith("matched nothing: shop.rules:5: queued: ")
                                    && line.contains("com.example.nowhere")),
                    jvm.output());
            assertFalse(jvm.output().contains("shop.rules:2: pessimisticLock: the"), jvm.output());
        }
        for (String expected : new String[] {
            "woven com.example.lib.Desk.settle(String): lock exclusive \"trade:{0}\" (shop.rules:2)",
            "passed over com.example.lib.Desk.settle(Object): lock exclusive \"trade:{0}\" (shop.rules:2); a bridge",
            "passed over com.example.lib.Trade.settle(Object): lock exclusive \"trade:{0}\" (shop.rules:2); abstract",
            "woven com.example.lib.Desk.close(): lock exclusive \"annotated\" (@PessimisticLock)",
            "woven com.example.Plain.plain(): lock shared \"plain\" waitTime 2s (shop.rules:3)",
            "woven com.example.lib.Stock.count(): lock shared \"a\" (@SharedLock); lock shared \"b\" (@SharedLock);"
                    + " lock exclusive \"instead\" (shop.rules:4)",
            "passed over com.example.lib.Stock$$SpringCGLIB$$0.count(): lock exclusive \"instead\" (shop.rules:4)"
        }) {
            assertTrue(live.stream().anyMatch(line -> line.startsWith(expected)), expected + "\n" + live);
        }
    }

    @Test
    void saysWhatIsWrongInRulesAndWhichTypesAreMissing() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.rules"), "pessimisticLock: execution(\n");
        assertEquals(2, status(classes.toString(), "--rules", bad.toString()));
        Path rules = Files.writeString(
                folder.resolve("trade.rules"), "sharedLock: execution(* com.example.lib.Trade+.settle(..)) key=a\n");
        Path app = folder.resolve("app-alone.jar");
        Path alone = new Sources(Files.createDirectory(folder.resolve("alone")))
                .add("com/example/lib/Trade.java", TRADE)
                .add("org/missing/Gone.java", "package org.missing; public interface Gone {}")
                .add("com/example/lib/Desk.java", DESK)
                .with("-cp", App.ANNOTATIONS.toString())
                .compile();
        Sources.jar(app, alone, "com/");
        try (ForkedJvm jvm = explain(Jdks.current(), app.toString(), "--rules", rules.toString())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(
                    jvm.lines().stream()
                            .anyMatch(line ->
                                    line.startsWith("class file missing, ") && line.endsWith(": org.missing.Gone")),
                    jvm.output());
        }
    }

    private void sameAsStarted(Jdk jdk, Path application, ForkedJvm.Builder start) {
        Set<String> live;
        try (ForkedJvm jvm = start.jdk(jdk)
                .jvmArgs(ShippedJar.option())
                .property("floodlock.explain", "true")
                .property("floodlock.queue.mode", "inline")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().contains("active true"), jvm.output());
            assertTrue(jvm.lines().contains("refused com.example.Late with ClassFormatError"), jvm.output());
            assertTrue(jvm.lines().contains("loaded com.example.lib.Stock$$SpringCGLIB$$0"), jvm.output());
            live = lines(jvm, ".* INFO floodlock \\[main\\] ((?:woven|passed over|refused) .+)");
        }
        try (ForkedJvm jvm = explain(jdk, application.toString(), "--hooks").start()) {
            assertEquals(1, jvm.awaitExit(), jvm.output());
            assertEquals(String.join("\n", live), String.join("\n", lines(jvm, "  (.+)")));
            assertTrue(jvm.output().contains("2 classes refused"), jvm.output());
        }
        for (String expected : new String[] {
            "woven com.example.Orders.apply(String): lock exclusive \"stock:{0}\" waitTime 3s (@PessimisticLock)",
            "passed over com.example.Orders.apply(Object): ",
            "woven com.example.Orders.place(long): queued on \"orders\" (@Queued); transaction (@DistributedTx)",
            "woven com.example.Orders.later(): lock exclusive \"later\" (@PessimisticLock); until its asynchronous work has"
                    + " ended (CompletionStage)",
            "woven com.example.Orders.<init>(): reports new instances",
            "woven com.example.Pool.getConnection(): hands out connections",
            "refused com.example.Late: com.example.Late.later()",
            "refused com.example.Typo: ",
            "woven com.example.lib.Stock.count(): lock shared \"a\" (@SharedLock); lock shared \"b\" (@SharedLock)",
            "passed over com.example.lib.Stock$$SpringCGLIB$$0: a generated class",
            "woven io.floodlock.Floodlock.isActive(): is implemented by the agent"
        }) {
            assertTrue(live.stream().anyMatch(line -> line.startsWith(expected)), expected + "\n" + live);
        }
        assertFalse(live.stream().anyMatch(line -> line.contains("Plain")), live.toString());
    }

    @Test
    void endsWithOneStatusPerOutcome() throws IOException {
        Path fine = Files.createDirectory(folder.resolve("fine"));
        Files.copy(library, fine.resolve("stock.jar"));
        assertEquals(0, status(fine.toString(), "--json"));
        assertEquals(1, status(classes.toString()));
        assertEquals(2, status(folder.resolve("missing.jar").toString()));
        assertEquals(2, status(fine.toString(), "--nonsense"));
        assertEquals(2, status());
    }

    @Test
    void startsNothingOfTheApplicationAndWritesNothing() throws IOException {
        Path loud = new Sources(Files.createDirectory(folder.resolve("loud")))
                .add("com/example/Loud.java", """
                        package com.example;
                        import io.floodlock.*;
                        public class Loud {
                            static { System.out.println("initialized"); }
                            @SharedLock(key = "a") static void locked() {}
                        }
                        """)
                .with("-cp", App.ANNOTATIONS.toString())
                .compile();
        Path work = Files.createDirectory(folder.resolve("work"));
        try (ForkedJvm jvm = explain(Jdks.current(), loud.toString())
                .folder(work)
                .jvmArgs("-Xlog:class+load")
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains("woven com.example.Loud.locked()"), jvm.output());
            assertFalse(jvm.output().contains("initialized"), jvm.output());
            assertFalse(jvm.output().contains("] com.example.Loud source:"), "loaded");
            // the control: what is loaded is seen
            assertTrue(jvm.output().contains("picocli.CommandLine source:"), "log of loaded classes");
        }
        try (var files = Files.list(work)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void aStartWithoutExplanationsLoadsNoClassOfThem() {
        Function<String, Set<String>> loaded = explain -> {
            try (ForkedJvm jvm = ForkedJvm.main("com.example.Main")
                    .classPath(classes, library, App.ANNOTATIONS)
                    .jvmArgs(ShippedJar.option(), "-Xlog:class+load")
                    .property("floodlock.explain", explain)
                    .property("floodlock.queue.mode", "inline")
                    .start()) {
                assertEquals(0, jvm.awaitExit(), jvm.output());
                return jvm.lines().stream()
                        .filter(line -> line.contains("io.floodlock.weaver.explain.")
                                || line.contains("io.floodlock.weaver.decision.Explaining")
                                || line.contains("io.floodlock.weaver.tool.")
                                || line.contains("picocli."))
                        .collect(Collectors.toSet());
            }
        };
        assertEquals(Set.of(), loaded.apply("false"));
        assertFalse(loaded.apply("true").isEmpty());
    }

    private int status(String... arguments) {
        try (ForkedJvm jvm = explain(Jdks.current(), arguments).start()) {
            return jvm.awaitExit();
        }
    }

    private static ForkedJvm.Builder explain(Jdk jdk, String... arguments) {
        return ForkedJvm.jar(ShippedJar.path()).jdk(jdk).args("explain").args(arguments);
    }

    private static Set<String> lines(ForkedJvm jvm, String pattern) {
        return jvm.lines().stream()
                .filter(line -> line.matches(pattern))
                .map(line -> line.replaceFirst(pattern, "$1"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** As a jar, which is what a build packs. */
    private Path annotations() {
        Path jar = folder.resolve("annotations.jar");
        if (!Files.exists(jar)) {
            if (Files.isRegularFile(App.ANNOTATIONS)) {
                return App.ANNOTATIONS;
            }
            Sources.jar(jar, App.ANNOTATIONS, "io/");
        }
        return jar;
    }
}
