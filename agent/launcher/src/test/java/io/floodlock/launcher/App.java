package io.floodlock.launcher;

import io.floodlock.Floodlock;
import io.floodlock.testkit.ForkedJvm;
import io.floodlock.testkit.Jdk;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Programs of this test, with nothing on their class path but themselves and the annotations. */
final class App {

    static final Path CLASSES = location(App.class);
    static final Path ANNOTATIONS = location(Floodlock.class);

    private App() {}

    static ForkedJvm.Builder main(Class<?> main, Jdk jdk) {
        return ForkedJvm.main(main.getName()).jdk(jdk).classPath(CLASSES, ANNOTATIONS);
    }

    static Path location(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
