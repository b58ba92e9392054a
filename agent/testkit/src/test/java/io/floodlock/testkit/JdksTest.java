package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class JdksTest {

    @Test
    void everyJdkHasALauncherAndNoFeatureComesTwice() {
        assertTrue(Jdks.all().stream().allMatch(jdk -> Files.isExecutable(jdk.java())));
        assertEquals(
                Jdks.all().size(),
                Jdks.all().stream().map(Jdk::feature).distinct().count());
        assertEquals(Runtime.version().feature(), Jdks.current().feature());
    }
}
