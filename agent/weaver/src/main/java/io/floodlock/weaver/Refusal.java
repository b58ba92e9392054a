package io.floodlock.weaver;

/** Why a class that asks for protection can't have it; the message says what, why and what to do. */
final class Refusal extends Exception {

    private static final long serialVersionUID = 1L;

    Refusal(ScannedClass type, ScannedMethod method, String why, String remedy) {
        super(type.displayName() + "." + method.name() + method.descriptor() + " " + why + ". " + remedy);
    }

    Refusal(String message) {
        super(message);
    }
}
