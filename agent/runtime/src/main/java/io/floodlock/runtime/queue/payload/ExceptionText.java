package io.floodlock.runtime.queue.payload;

/**
 * The texts of an exception that the application made. Its {@code toString} and {@code getMessage} are the
 * application's code and may fail; the outcome of a call must be recorded even so.
 */
public final class ExceptionText {

    private ExceptionText() {}

    /** As {@link Throwable#toString()}. */
    public static String of(Throwable thrown) {
        try {
            return String.valueOf(thrown);
        } catch (Throwable e) {
            return thrown.getClass().getName() + unreadable(e);
        }
    }

    /** As {@link Throwable#getMessage()}; may be null. */
    public static String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable e) {
            return unreadable(e).strip();
        }
    }

    private static String unreadable(Throwable problem) {
        return " (its message can't be read: " + problem.getClass().getName() + ")";
    }
}
