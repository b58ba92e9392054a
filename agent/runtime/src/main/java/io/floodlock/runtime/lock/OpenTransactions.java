package io.floodlock.runtime.lock;

import java.util.List;

/** Tells of the application's own transactions. Thread-safe. */
public interface OpenTransactions {

    /** Nobody's. */
    OpenTransactions NONE = List::of;

    /**
     * Those that are open and in which the calling thread's statements would run now. Asked as scopes are opened and closed, so it
     * must cost next to nothing where there are none.
     */
    List<? extends OpenTransaction> ofThread();

    /** What to remember as a scope is opened on this thread; null for nothing. As cheap as {@link #ofThread()}. */
    default Object mark() {
        return null;
    }

    /**
     * Of those of {@link #ofThread()} the ones in which something may have been done since.
     *
     * @param mark what was remembered then; null too where the scope was opened on another thread
     */
    default List<? extends OpenTransaction> since(Object mark) {
        return ofThread();
    }
}
