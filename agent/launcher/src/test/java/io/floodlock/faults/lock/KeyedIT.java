package io.floodlock.faults.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.InvalidKeyException;
import io.floodlock.LockTimeoutException;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Carts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Keys of values that are equal but look different, and of each element of a collection. */
@OnEachJdk
class KeyedIT extends SharedRedis {

    @Test
    void equalValuesExcludeEachOtherOrAreRefused() {
        try (Program app = program(Carts.class).start()) {
            app.call("together", "decimals").threw(LockTimeoutException.class, "value:1");
            app.call("together", "forms").threw(LockTimeoutException.class, "value:caf");
            app.call("together", "lists").threw(InvalidKeyException.class, "{value}", "java.util", "{value[*]}");
            app.call("together", "sets").threw(InvalidKeyException.class, "{value}", "{value[*]}");
            app.call("together", "objects").threw(InvalidKeyException.class, "{value} is a", "{value.sku}");
        }
    }

    /** The control: without the agent both are inside. */
    @Test
    void unprotectedBothAreInside() {
        try (Program app = program(Carts.class).withoutAgent().start()) {
            for (String pair : List.of("decimals", "forms", "lists", "sets", "objects")) {
                assertEquals("both", app.call("together", pair).value());
            }
        }
    }

    @Test
    void everyElementIsLockedAndNoOther() {
        everyElementIsLocked("hold", "holding 3");
    }

    @Test
    void everyElementIsLockedUntilAStageEnds() {
        everyElementIsLocked("later", "later 3");
    }

    private void everyElementIsLocked(String verb, String said) {
        try (Program one = program(Carts.class).start();
                Program other = program(Carts.class).start()) {
            Program.Call held = one.begin(verb, "b,a,b", "go");
            one.awaitSaid(said);
            other.call("take", "c,a").threw(LockTimeoutException.class, "item:a");
            other.call("take", "b").threw(LockTimeoutException.class, "item:b");
            // what was refused has left nothing behind
            assertEquals("taken", other.call("take", "c,d").value());
            one.go("go");
            assertEquals("held", held.reply().value());
            assertEquals("taken", other.call("take", "a,b").value());
        }
    }

    @Test
    void unprotectedTheyMeet() {
        try (Program one = program(Carts.class).withoutAgent().start()) {
            one.begin("hold", "b,a,b", "go");
            one.awaitSaid("holding 3");
            assertEquals("taken", one.call("take", "c,a").value());
        }
    }

    @Test
    void anAnnotationOfTheApplicationsLocksAsWhatItCarries() {
        try (Program one = program(Carts.class).start();
                Program other = program(Carts.class).start()) {
            Program.Call held = one.begin("holdCart", "a", "go");
            one.awaitSaid("holding cart");
            other.call("takeCart", "a").threw(LockTimeoutException.class, "cart:a");
            assertEquals("taken", other.call("takeCart", "b").value());
            one.go("go");
            assertEquals("held", held.reply().value());
        }
        try (Program one = program(Carts.class).withoutAgent().start()) {
            one.begin("holdCart", "a", "go");
            one.awaitSaid("holding cart");
            assertEquals("taken", one.call("takeCart", "a").value());
        }
    }

    @Test
    void readersShareEveryElement() {
        try (Program one = program(Carts.class).start();
                Program other = program(Carts.class).start()) {
            Program.Call first = one.begin("read", "a,b", "go");
            one.awaitSaid("reading 2");
            Program.Call second = other.begin("read", "b,c", "go");
            other.awaitSaid("reading 2");
            other.call("take", "a").threw(LockTimeoutException.class, "item:a");
            one.go("go");
            other.go("go");
            assertEquals("read", first.reply().value());
            assertEquals("read", second.reply().value());
        }
    }

    /** No elements: the body must not run without any lock, but may with another. */
    @Test
    void aCallThatComesToNoKeyIsRefused() {
        try (Program app = program(Carts.class).start()) {
            app.call("take", "").threw(InvalidKeyException.class, "Carts.taking", "#items[*].sku", "gave no key");
            assertEquals("taken", app.call("takeWithCart", "").value());
        }
    }

    /** Carts overlap in any order; nobody waits for who waits for him. */
    @Test
    void cartsInAnyOrderNeverWaitForEachOther() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (Program one = program(Carts.class).start();
                Program other = program(Carts.class).start()) {
            List<Program.Call> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                calls.add(one.begin("shop", Long.toString(seed + i), "50"));
                calls.add(other.begin("shop", Long.toString(seed - i), "50"));
            }
            calls.forEach(call -> assertEquals("shopped", call.reply().value()));
        }
    }
}
