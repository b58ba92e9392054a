package io.floodlock.examples.bench.weave;

import io.floodlock.PessimisticLock;

/** Loads a class with an annotated method, the first in its JVM, and prints how many milliseconds the loading took. */
public final class FirstWeave {

    private FirstWeave() {}

    public static void main(String[] args) {
        Plain.touch();
        long begin = System.nanoTime();
        Annotated.touch();
        System.out.println("figures " + (System.nanoTime() - begin) / 1e6);
    }

    /** Loads the classes that any class loading needs. */
    static final class Plain {
        static void touch() {}
    }

    /** The annotated method is never called, because the call would need a Redis. */
    static final class Annotated {
        static void touch() {}

        @PessimisticLock(key = "order:{0}")
        static long locked(long id) {
            return id;
        }
    }
}
