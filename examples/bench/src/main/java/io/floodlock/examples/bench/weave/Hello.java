package io.floodlock.examples.bench.weave;

/** Nothing to weave. */
public final class Hello {

    private Hello() {}

    public static void main(String[] args) {
        System.out.println("hello");
    }
}
