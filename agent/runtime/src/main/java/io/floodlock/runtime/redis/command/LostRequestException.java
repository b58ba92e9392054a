package io.floodlock.runtime.redis.command;

/** A request was lost by its connection, so no answer will arrive. */
final class LostRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LostRequestException(String message) {
        super(message);
    }
}
