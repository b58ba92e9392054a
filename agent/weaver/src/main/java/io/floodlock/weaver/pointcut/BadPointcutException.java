package io.floodlock.weaver.pointcut;

/** A pointcut that can't be used; the message says why, and what to write instead. */
public final class BadPointcutException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadPointcutException(String message) {
        super(message);
    }
}
