package io.floodlock.runtime.config;

/** The configuration can't be used. The message has one line for each wrong key. */
public final class BadSettingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadSettingException(String message) {
        super(message);
    }
}
