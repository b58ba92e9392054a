package io.floodlock.examples.bench.weave;

import io.floodlock.PessimisticLock;

/** Loads a class with an annotated method, the first of its JVM, and prints how many milliseconds that took. */
public final class FirstWeave {

    private FirstWeave() {}

    public static void main(String[] args) {
        Plain.touch();
        long begin = System.nanoTime();
        Annotated.touch();
        System.out.println("figures " + (System.nanoTime() - begin) / 1e6);
    }

    /** Loads what loading any class needs. */
    static final class Plain {
        static void touch() {}
    }

    /** Never called where it is annotated: that would need a Redis. */
    static final class Annotated {
        static void touch() {}

        @PessimisticLock(key = "order:{0}")
        static long locked(long id) {
            return id;
        }
    }
}
