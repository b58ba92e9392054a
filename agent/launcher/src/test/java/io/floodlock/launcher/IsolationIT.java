package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.launcher.app.Parameters;
import io.floodlock.launcher.app.Shop;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The agent beside other ways to load classes, and beside other agents. */
class IsolationIT {

    private static final String MAIN = """
            package com.example;
            import io.floodlock.*;
            public class Main {
                public static void main(String[] args) {
                    System.out.println(Main.class.getModule().isNamed() + " " + Floodlock.isActive());
                    locked("x");
                }
                @PessimisticLock(key = "{id}")
                private static void locked(String id) {
                    System.out.println("body " + id);
                }
            }
            """;

    @TempDir
    Path folder;

    @PerJdk
    void weavesANamedModule(Jdk jdk) {
        Path classes = new Sources(folder)
                .add("module-info.java", "module com.example { requires floodlock.annotations; }")
                .add("com/example/Main.java", MAIN)
                .with("--module-path", annotationsModule().toString())
                .compile();
        try (ForkedJvm jvm = ForkedJvm.main("com.example.Main")
                .jdk(jdk)
                .jvmArgs(
                        RecordingAgent.option(),
                        "--module-path",
                        classes + ":" + annotationsModule(),
                        "--add-modules",
                        "com.example")
                .classPath(folder)
                .start()) {
            // the class path is empty, so the class comes from its module
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("true true\n  enter locked[id]\nbody x\n  exit locked[id]", jvm.output());
        }
    }

    @PerJdk
    void weavesAChildFirstLoadersClassesWithTheirOwnAnnotations(Jdk jdk) {
        Path classes = new Sources(folder)
                .add("com/example/Main.java", MAIN)
                .with("-cp", App.ANNOTATIONS.toString())
                .compile();
        try (ForkedJvm jvm = App.main(ChildFirst.class, jdk)
                .jvmArgs(RecordingAgent.option())
                .args(classes.toString(), App.ANNOTATIONS.toString())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("false true\n  enter locked[id]\nbody x\n  exit locked[id]", jvm.output());
        }
    }

    @PerJdk
    void aChildFirstApplicationCatchesItsOwnExceptionClass(Jdk jdk) {
        Path classes = new Sources(folder)
                .add("com/example/Main.java", """
                        package com.example;
                        import io.floodlock.*;
                        public class Main {
                            public static void main(String[] args) {
                                try {
                                    locked();
                                } catch (FloodlockUnavailableException e) {
                                    System.out.println("caught " + (e.getClass().getClassLoader() == Main.class.getClassLoader()));
                                }
                            }
                            @PessimisticLock(key = "a", waitTime = "100ms")
                            static void locked() {
                                System.out.println("body");
                            }
                        }
                        """)
                .with("-cp", App.ANNOTATIONS.toString())
                .compile();
        try (ForkedJvm jvm = App.main(ChildFirst.class, jdk)
                .jvmArgs(ShippedJar.option())
                .property("floodlock.redis", "redis://127.0.0.1:1")
                .args(classes.toString(), App.ANNOTATIONS.toString())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.lines().contains("caught true"), jvm.output());
            assertFalse(jvm.lines().contains("body"), jvm.output());
        }
    }

    @PerJdk
    void weavesWhatWasLoadedBeforeIt(Jdk jdk) {
        Path early = new Sources(folder).add("Early.java", """
                        public class Early {
                            public static void premain(String name) throws Exception {
                                Class.forName(name, true, ClassLoader.getSystemClassLoader());
                            }
                        }
                        """).jar("Premain-Class", "Early");
        try (ForkedJvm jvm = App.main(Parameters.class, jdk)
                .jvmArgs("-javaagent:" + early + "=" + Parameters.class.getName(), RecordingAgent.option())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("true orderId\ntrue text\n  enter locked[orderId]\n  exit locked[orderId]", jvm.output());
        }
    }

    @PerJdk
    void parameterNamesSurviveForClassesLoadedBeforeThatAreNotAnnotated(Jdk jdk) {
        Path early = new Sources(folder).add("Early.java", """
                        public class Early {
                            public static void premain(String name) throws Exception {
                                Class.forName(name, true, ClassLoader.getSystemClassLoader());
                            }
                        }
                        """).jar("Premain-Class", "Early");
        try (ForkedJvm jvm = App.main(Parameters.class, jdk)
                .jvmArgs("-javaagent:" + early + "=" + Parameters.Plain.class.getName(), RecordingAgent.option())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(jvm.output().contains("true text"), jvm.output());
        }
    }

    @PerJdk
    void worksBesideAnotherAgentInEitherOrder(Jdk jdk) {
        Path other = new Sources(folder)
                .add("Other.java", """
                        import java.lang.instrument.*;
                        import java.security.ProtectionDomain;
                        public class Other implements ClassFileTransformer {
                            public static void premain(String arguments, Instrumentation instrumentation) {
                                instrumentation.addTransformer(new Other(), true);
                            }
                            public byte[] transform(ClassLoader l, String name, Class<?> c, ProtectionDomain d, byte[] b) {
                                return name != null && name.endsWith("/Shop") ? b.clone() : null;
                            }
                        }
                        """)
                .jar("Premain-Class", "Other", "Can-Retransform-Classes", "true");
        String option = "-javaagent:" + other;
        for (List<String> order :
                List.of(List.of(option, RecordingAgent.option()), List.of(RecordingAgent.option(), option))) {
            try (ForkedJvm jvm = App.main(Shop.class, jdk)
                    .jvmArgs(order.toArray(String[]::new))
                    .start()) {
                assertEquals(0, jvm.awaitExit(), jvm.output());
                assertTrue(jvm.output().contains("  enter place[id]\nShop.place 42\n  exit place[id]"), jvm.output());
            }
        }
    }

    @PerJdk
    void staysWovenWhenAnotherAgentRetransformsTheClass(Jdk jdk) {
        Path other = new Sources(folder)
                .add("Other.java", """
                        import java.lang.instrument.*;
                        public class Other implements Runnable {
                            static Instrumentation instrumentation;
                            public static void premain(String arguments, Instrumentation given) {
                                instrumentation = given;
                                System.getProperties().put("retransform", new Other());
                            }
                            public void run() {
                                try {
                                    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
                                        if (type.getName().endsWith("Parameters")) {
                                            instrumentation.retransformClasses(type);
                                        }
                                    }
                                } catch (UnmodifiableClassException e) {
                                    throw new IllegalStateException(e);
                                }
                            }
                        }
                        """)
                .jar("Premain-Class", "Other", "Can-Retransform-Classes", "true");
        try (ForkedJvm jvm = App.main(Parameters.class, jdk)
                .jvmArgs("-javaagent:" + other, RecordingAgent.option())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertTrue(
                    jvm.output().endsWith("retransformed\n  enter locked[orderId]\n  exit locked[orderId]"),
                    jvm.output());
        }
    }

    private static Path annotationsModule() {
        return App.ANNOTATIONS;
    }
}
