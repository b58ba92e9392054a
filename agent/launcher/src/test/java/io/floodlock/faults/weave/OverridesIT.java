package io.floodlock.faults.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.PessimisticLock;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Sources;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** The log says of each method once that it overrides a woven one and is not woven. */
@OnEachJdk
class OverridesIT {

    private static final String APP = """
            package com.shop;

            import io.floodlock.PessimisticLock;
            import java.util.Scanner;

            public class App {

                /** Loads the classes that the lines name, as they come. */
                public static void main(String[] args) throws Exception {
                    Scanner lines = new Scanner(System.in);
                    while (lines.hasNextLine()) {
                        for (String name : lines.nextLine().split(" ")) {
                            Class.forName("com.shop.App$" + name);
                        }
                        System.out.println("loaded");
                    }
                }

                static class Orders {
                    @PessimisticLock(key = "o")
                    void place(String order) {}

                    @PessimisticLock(key = "o")
                    void cancel() {}

                    @PessimisticLock(key = "o")
                    void list() {}

                    void plain() {}
                }

                interface Placing {
                    @PessimisticLock(key = "p")
                    default void byDefault() {}
                }

                static class Special extends Orders {
                    @Override
                    void place(String order) {}

                    @Override
                    @PessimisticLock(key = "s")
                    void cancel() {}

                    @Override
                    void list() {
                        super.list();
                    }

                    @Override
                    void plain() {}
                }

                static class Between extends Orders {}

                static class Grandchild extends Between {
                    @Override
                    void place(String order) {}
                }

                /** What it overrides is not protected, which is said of that one. */
                static class Further extends Grandchild {
                    @Override
                    void place(String order) {}
                }

                static class Implementing implements Placing {
                    @Override
                    public void byDefault() {}
                }

                static class Ruled extends Orders {
                    @Override
                    void place(String order) {}
                }

                static class Late extends Orders {
                    @Override
                    void cancel() {}
                }
            }
            """;

    @Parameter
    Jdk jdk;

    @TempDir
    Path folder;

    private Path classes;
    private Path rules;

    @BeforeEach
    void compile() throws IOException {
        classes = Files.createDirectory(folder.resolve("classes"));
        Sources.compile(classes, "com.shop.App", APP, ClassPath.of(PessimisticLock.class));
        rules = Files.writeString(
                folder.resolve("shop.rules"), "pessimisticLock: execution(* com.shop.App.Ruled.place(..)) key=r");
    }

    @Test
    void isSaidWhereTheSubclassLoadsFirst() {
        assertSaid("Further Grandchild Special Implementing Ruled");
    }

    @Test
    void isSaidWhereTheSuperclassLoadsFirst() {
        assertSaid("Orders Placing Between Special Grandchild Further Implementing Ruled");
    }

    private void assertSaid(String order) {
        try (ForkedJvm jvm = ForkedJvm.main("com.shop.App")
                .jdk(jdk)
                .classPath(classes, ClassPath.of(PessimisticLock.class))
                .property("floodlock.rules", rules.toString())
                .jvmArgs("-javaagent:" + ClassPath.agentJar(), "-Xmx128m", "-XX:TieredStopAtLevel=1")
                .start()) {
            jvm.send(order);
            jvm.awaitLine(line -> line.contains("App$Grandchild.place(String) overrides"));
            // a later look, which would say again what has been said
            jvm.send("Late");
            jvm.awaitLine(line -> line.contains("App$Late.cancel() overrides"));
            assertEquals(
                    List.of(
                            "Grandchild.place(String) overrides the method of com.shop.App$Orders",
                            "Implementing.byDefault() overrides the method of com.shop.App$Placing",
                            "Late.cancel() overrides the method of com.shop.App$Orders",
                            "Special.place(String) overrides the method of com.shop.App$Orders"),
                    jvm.lines().stream()
                            .filter(line -> line.contains(" overrides the method of "))
                            .map(line -> line.replaceAll(
                                    ".* WARN .*com\\.shop\\.App\\$(\\w+\\.\\w+\\(.*), which has.*", "$1"))
                            .sorted()
                            .toList(),
                    jvm::output);
        }
    }
}
