package io.floodlock.runtime.queue;

/** Bytes from Redis that are not what this version, or any version it knows, wrote. */
final class MalformedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedRecordException(String message) {
        super(message);
    }

    MalformedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
