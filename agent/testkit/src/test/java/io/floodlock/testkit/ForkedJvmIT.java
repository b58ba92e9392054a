package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForkedJvmIT {

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void capturesOutputAndExitStatus(Jdk jdk) {
        try (ForkedJvm jvm = ForkedJvm.main(Echo.class.getName())
                .jdk(jdk)
                .property("greeting", "hello")
                .environment("WHO", "world")
                .args("3")
                .start()) {
            jvm.awaitLine(line -> line.equals("hello world on " + jdk.feature()));
            jvm.send("out");
            assertEquals(3, jvm.awaitExit());
            assertTrue(jvm.lines().contains("echo out"), jvm.output());
        }
    }

    @Test
    void isPausedResumedAndKilled() {
        try (ForkedJvm jvm = ForkedJvm.main(Echo.class.getName()).args("0").start()) {
            jvm.awaitLine(line -> line.contains(" on "));
            jvm.pause();
            jvm.send("out");
            assertThrows(AssertionError.class, () -> jvm.awaitExit(Duration.ofMillis(200)));
            jvm.kill();
            assertFalse(jvm.isAlive());
            assertEquals(128 + 9, jvm.awaitExit());
        }
    }

    @Test
    void talksUntilItsEndAfterTermination() {
        try (ForkedJvm jvm = ForkedJvm.main(Lingers.class.getName()).start()) {
            jvm.awaitLine("ready"::equals);
            jvm.terminate();
            jvm.awaitLine("terminating"::equals);
            jvm.send("end");
            assertEquals(128 + 15, jvm.awaitExit());
            assertTrue(jvm.lines().contains("end heard"), jvm.output());
        }
    }

    static class Lingers {
        public static void main(String[] args) throws InterruptedException {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("terminating");
                System.out.println(new Scanner(System.in).nextLine() + " heard");
            }));
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }

    @Test
    void saysWhatWasPrintedWhenTheLineNeverComes() {
        try (ForkedJvm jvm = ForkedJvm.main("no.such.Main").start()) {
            AssertionError failure = assertThrows(AssertionError.class, () -> jvm.awaitLine("ready"::equals));
            assertTrue(failure.getMessage().contains("no.such.Main"), failure.getMessage());
        }
    }

    static class Echo {
        public static void main(String[] args) {
            System.out.println(System.getProperty("greeting") + " " + System.getenv("WHO") + " on "
                    + Runtime.version().feature());
            try (Scanner input = new Scanner(System.in)) {
                System.out.println("echo " + input.nextLine());
            }
            System.exit(Integer.parseInt(args[0]));
        }
    }
}
