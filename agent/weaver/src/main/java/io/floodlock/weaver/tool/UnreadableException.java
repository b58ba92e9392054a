package io.floodlock.weaver.tool;

import java.io.IOException;

/** Thrown if the given path or driver can't be read. The message says what, where and why. */
final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
        super(message);
    }

    UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
