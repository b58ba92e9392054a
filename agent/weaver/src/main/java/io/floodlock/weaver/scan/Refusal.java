package io.floodlock.weaver.scan;

/**
 * Reports that a class asks for protection and can't have it. The message names the method, the reason and the remedy.
 */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    public Refusal(ScannedClass type, ScannedMethod method, String why, String remedy) {
        super(type.displayName() + "." + method.name() + method.descriptor() + " " + why + ". " + remedy);
    }

    public Refusal(String message) {
        super(message);
    }
}
