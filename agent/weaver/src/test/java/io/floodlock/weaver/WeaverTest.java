package io.floodlock.weaver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.floodlock.weaver.decision.Decisions;
import io.floodlock.weaver.load.Dispatcher;
import org.junit.jupiter.api.Test;

/** What the JVM is answered when the weaver itself fails: an exception would let it define the class unwoven. */
class WeaverTest {

    private static final byte[] PLAIN = Woven.file(WeaverTest.class);

    private static final Decisions BROKEN = new Decisions() {
        @Override
        public void outside(ClassLoader loader, String name, byte[] file) {
            throw new StackOverflowError("provoked");
        }
    };

    @Test
    void aClassThatCantBeReadIsRefused() {
        assertArrayEquals(Weaver.UNLOADABLE, weaver(true).transform(loader(), "com/shop/Orders", null, null, null));
        assertNull(weaver(false).transform(loader(), "com/shop/Orders", null, null, null), "told to let it load");
        assertNull(weaver(true).transform(loader(), "com/shop/Plain", null, null, PLAIN), "the control");
    }

    @Test
    void aClassOfTheJdkLoadsThoughExplainingItFails() {
        assertNull(weaver(true).transform(null, "java/nio/charset/StandardCharsets", null, null, PLAIN));
    }

    private static ClassLoader loader() {
        return new ClassLoader() {};
    }

    private static Weaver weaver(boolean refuse) {
        return new Weaver(
                new ClassWeaver(new RecordingRuntime(), Dispatcher.NAME, Decisions.NONE),
                refuse,
                BROKEN,
                LoadedClasses.none());
    }
}
