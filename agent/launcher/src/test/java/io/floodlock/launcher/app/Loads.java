package io.floodlock.launcher.app;

/** Loads the classes it is told, and says of each how that went. */
public final class Loads {

    private Loads() {}

    public static void main(String[] names) throws ClassNotFoundException {
        for (String name : names) {
            try {
                Class.forName(name);
                System.out.println("loaded " + name);
            } catch (LinkageError e) {
                System.out.println("refused " + name + " with " + e.getClass().getSimpleName());
            }
        }
    }
}
