package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.floodlock.InvalidKeyException;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.Sources;
import io.floodlock.faults.app.Keys;
import io.floodlock.faults.app.MissingStart;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that can't be built is an error that names the path, and no body runs. */
@OnEachJdk
class BadKeyIT extends SharedRedis {

    @Test
    void badValuesFailTheCallAndNameThePath() {
        try (Program app = program(Keys.class).start()) {
            app.call("nullOnTheWay").threw(InvalidKeyException.class, "{order.customer} is null");
            app.call("nullAtTheEnd").threw(InvalidKeyException.class, "{order.customer.name} is null");
            app.call("arrayInAnObject").threw(InvalidKeyException.class, "{order.reference} is an array");
            app.call("identityText").threw(InvalidKeyException.class, "java.lang.Object", "no text for a key");
            app.call("missingStep").threw(InvalidKeyException.class, "{orders[0].colour}", "no method colour()");
            // a site that can't be linked fails each of its calls
            app.call("missingStep").threw(InvalidKeyException.class, "{orders[0].colour}");
            app.call("missingElement").threw(InvalidKeyException.class, "items", "does not exist in this call");
            assertFalse(app.said("ran"), app.jvm()::output);
        }
    }

    @Test
    void pathThatStartsNowhereRefusesTheClass() {
        try (Program app = program(MissingStart.class).start()) {
            app.call("lock", "a").threw(ClassFormatError.class);
            app.awaitLog("MissingStart.lock", "{ordr}", "order");
            assertFalse(app.said("ran"), app.jvm()::output);
        }
    }

    @Test
    void pathThatTheTypesLackRefusesTheClass(@TempDir Path classes) {
        Sources.compile(classes, "shop.Coloured", """
                package shop;
                class Coloured {
                    record Order(String id) {}
                    @io.floodlock.PessimisticLock(key = "order:{0.colour}")
                    static void lock(Order order) {}
                    static void call() { lock(new Order("a")); }
                }
                """);
        Sources.compile(classes, "shop.Numbered", """
                package shop;
                class Numbered {
                    @io.floodlock.SharedLock(key = "order:{0}")
                    static void lock(int[] numbers) {}
                    static void call() { lock(new int[1]); }
                }
                """);
        try (Program app = Program.of("shop.Coloured")
                        .with(classes)
                        .jdk(jdk)
                        .redis(redis.url())
                        .start();
                Program other = Program.of("shop.Numbered")
                        .with(classes)
                        .jdk(jdk)
                        .redis(redis.url())
                        .start()) {
            app.call("call").threw(ClassFormatError.class);
            app.awaitLog("shop.Coloured.lock", "{0.colour}", "shop.Coloured$Order has no method colour()");
            other.call("call").threw(ClassFormatError.class);
            other.awaitLog("shop.Numbered.lock", "{0} is an array", "{0[*]}");
        }
    }

    @Test
    void parameterNameThatTheCompilerLeftOutRefusesTheClass(@TempDir Path classes) {
        Sources.compile(classes, "shop.Nameless", """
                package shop;
                class Nameless {
                    @io.floodlock.PessimisticLock(key = "order:{order}")
                    static void lock(String order) {}
                }
                """);
        try (Program app = Program.of("shop.Nameless")
                .with(classes)
                .jdk(jdk)
                .redis(redis.url())
                .start()) {
            app.call("lock", "a").threw(ClassFormatError.class);
            app.awaitLog("shop.Nameless.lock", "-parameters", "{0}");
        }
    }
}
