package io.floodlock.runtime.redis.command;

/** The failure of a request that its connection has lost, so that no answer will arrive. */
final class LostRequestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LostRequestException(String message) {
        super(message);
    }
}
