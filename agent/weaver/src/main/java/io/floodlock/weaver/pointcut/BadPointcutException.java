package io.floodlock.weaver.pointcut;

/** A pointcut that can't be used. The message states the reason and what to write instead. */
public final class BadPointcutException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    BadPointcutException(String message) {
        super(message);
    }
}
