package io.floodlock.weaver.scan;

/** Why a class that asks for protection can't have it; the message says what, why and what to do. */
public final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    public Refusal(ScannedClass type, ScannedMethod method, String why, String remedy) {
        super(type.displayName() + "." + method.name() + method.descriptor() + " " + why + ". " + remedy);
    }

    public Refusal(String message) {
        super(message);
    }
}
