package io.floodlock.examples.bench.weave;

/** What any agent costs. */
public final class EmptyAgent {

    private EmptyAgent() {}

    public static void premain(String arguments) {}
}
