package io.floodlock.runtime.redis;

/** A request whose carrier has lost it, so that nothing will ever answer it. */
final class LostRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LostRequestException(String message) {
        super(message);
    }
}
