package io.floodlock.weaver.tool;

import java.io.IOException;

/** What was given can't be read as an application; the message says what, where and why. */
final class UnreadableException extends IOException {

    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
        super(message);
    }

    UnreadableException(String message, Throwable cause) {
        super(message, cause);
    }
}
