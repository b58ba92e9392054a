package io.floodlock.faults.app;

import io.floodlock.Queued;

/** Objects without a container that have queued methods. */
public final class PlainQueued {

    private static final Overriding OVERRIDING = new Overriding();
    private static Pair first;
    private static Pair second;

    private PlainQueued() {}

    /** Stores a call of a method that overrides a queued one. */
    static String override(String what) {
        OVERRIDING.work(what);
        return "stored";
    }

    static synchronized String pair(String what) {
        first = new Pair();
        second = new Pair();
        first.work(what);
        return "stored by " + (second == first ? "one" : "the first of two");
    }

    /** Lets one of the two go. */
    static synchronized String leaveOne() {
        second = null;
        System.gc();
        return "left";
    }

    static class Base {
        @Queued(queue = "base", name = "work", waitTime = "1m")
        void work(String what) {
            Console.say("base " + what);
        }
    }

    static class Overriding extends Base {
        @Override
        @Queued(queue = "overriding", name = "work", waitTime = "1m")
        void work(String what) {
            Console.say("override " + what);
            super.work(what);
        }
    }

    static class Pair {
        @Queued(queue = "pair", name = "work", waitTime = "1m")
        void work(String what) {
            Console.say("pair " + what);
        }
    }
}
