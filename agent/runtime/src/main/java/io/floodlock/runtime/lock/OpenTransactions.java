package io.floodlock.runtime.lock;

import java.util.List;

/**
 * Finds the application's own open transactions, for the scopes that are opened and closed in them.
 * {@code ApplicationTransactions} and the other finders of the package {@code boundary} implement it;
 * {@code TransactionHolds} asks it. Thread-safe.
 */
public interface OpenTransactions {

    /** Finds none. */
    OpenTransactions NONE = List::of;

    /**
     * The open transactions in which the calling thread's statements would run now. Called as scopes are opened and
     * closed, so it must cost next to nothing if there are none.
     */
    List<? extends OpenTransaction> ofThread();

    /**
     * A mark to remember as a scope is opened on this thread, for {@link #since}; null for none. As cheap as
     * {@link #ofThread()}.
     */
    default Object mark() {
        return null;
    }

    /**
     * The transactions of {@link #ofThread()} in which work may have been done since the mark.
     *
     * @param mark the result of {@link #mark()} when the scope was opened; null also if it was opened on another
     *     thread
     */
    default List<? extends OpenTransaction> since(Object mark) {
        return ofThread();
    }
}
