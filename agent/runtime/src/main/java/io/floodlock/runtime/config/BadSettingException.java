package io.floodlock.runtime.config;

/** The configuration can't be used; the message has a line for each key that is wrong. */
public final class BadSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadSettingException(String message) {
        super(message);
    }
}
