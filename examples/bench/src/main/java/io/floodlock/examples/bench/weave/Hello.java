package io.floodlock.examples.bench.weave;

/** A program without methods to weave. */
public final class Hello {

    private Hello() {}

    public static void main(String[] args) {
        System.out.println("hello");
    }
}
