package io.floodlock.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.Jdks;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped jar in JVMs of its own, on every JDK of this machine. */
class StartIT {

    static List<Jdk> jdks() {
        return Jdks.all();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void isActiveAndSaysNothing(Jdk jdk) {
        try (ForkedJvm jvm = ForkedJvm.main(Asks.class.getName())
                .jdk(jdk)
                .jvmArgs(ShippedJar.option())
                .start()) {
            assertEquals(0, jvm.awaitExit(), jvm.output());
            assertEquals("active: true", jvm.output());
        }
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void isNotActiveWithoutTheAgentOrWhenDisabled(Jdk jdk) {
        try (ForkedJvm without = ForkedJvm.main(Asks.class.getName()).jdk(jdk).start();
                ForkedJvm disabled = ForkedJvm.main(Asks.class.getName())
                        .jdk(jdk)
                        .jvmArgs(ShippedJar.option())
                        .property("floodlock.enabled", "false")
                        .start()) {
            assertEquals(0, without.awaitExit(), without.output());
            assertEquals("active: false", without.output());
            assertEquals(0, disabled.awaitExit(), disabled.output());
            assertEquals("active: false", disabled.output());
        }
    }

    /** The program. */
    public static final class Asks {
        public static void main(String[] args) {
            System.out.println("active: " + io.floodlock.Floodlock.isActive());
        }
    }
}
