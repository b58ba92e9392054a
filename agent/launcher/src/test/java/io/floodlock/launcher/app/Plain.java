package io.floodlock.launcher.app;

/** Carries no annotation; a rule may mean it. */
public final class Plain {

    private Plain() {}

    public static void main(String[] args) {
        plain("text");
    }

    static void plain(String text) {
        System.out.println("plain");
    }
}
