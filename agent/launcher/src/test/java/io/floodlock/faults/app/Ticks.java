package io.floodlock.faults.app;

import io.floodlock.OnBusy;
import io.floodlock.PessimisticLock;
import io.floodlock.SharedLock;
import java.util.Optional;

/** Jobs that pass over a tick where another runs, and keep others from repeating them. */
public final class Ticks {

    private Ticks() {}

    @PessimisticLock(key = "tick:{item}", waitTime = "1m")
    static String hold(String item, String gate) {
        Console.say("holding " + item);
        Console.waitAt(gate);
        return "held";
    }

    /** The control: refused, rather than passed over. */
    @PessimisticLock(key = "tick:{item}", waitTime = "0")
    static String refused(String item) {
        return "ran";
    }

    @PessimisticLock(key = "tick:{item}", waitTime = "0", onBusy = OnBusy.SKIP)
    static void tick(String item) {
        Console.say("ticked " + item);
    }

    @PessimisticLock(key = "tick:{item}", waitTime = "0", onBusy = OnBusy.SKIP)
    static Optional<String> find(String item) {
        return Optional.of("found " + item);
    }

    @PessimisticLock(key = "tick:{item}", waitTime = "200ms", onBusy = OnBusy.SKIP)
    static Optional<String> findAfterAWhile(String item) {
        return Optional.of("found " + item);
    }

    @SharedLock(key = "tick:{item}", waitTime = "0", onBusy = OnBusy.SKIP)
    static Optional<String> read(String item) {
        return Optional.of("read " + item);
    }

    /** What the body itself is refused is no reason to pass over the call. */
    @PessimisticLock(key = "outer:{item}", waitTime = "0", onBusy = OnBusy.SKIP)
    static void refusedInside(String item) {
        refused(item);
    }

    @PessimisticLock(key = "once:{item}", waitTime = "0", onBusy = OnBusy.SKIP, minHold = "1h")
    static Optional<String> once(String item) {
        return Optional.of("once");
    }

    @PessimisticLock(key = "once:{item}", waitTime = "0", onBusy = OnBusy.SKIP, minHold = "1h")
    static Optional<String> onceAndHang(String item) {
        Console.say("hanging " + item);
        Console.waitAt("never");
        return Optional.of("never");
    }

    /** The control: without a shortest hold. */
    @PessimisticLock(key = "again:{item}", waitTime = "0", onBusy = OnBusy.SKIP)
    static Optional<String> again(String item) {
        return Optional.of("again");
    }

    static String exit() {
        System.exit(0);
        return "unreachable";
    }
}
