package io.floodlock.runtime.lock.local;

import io.floodlock.runtime.lock.LockMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The waiters of one key in the order in which they may enter: in order of arrival, but with all waiting readers first
 * when a read phase begins. {@link Arbiter} owns it and decides when a waiter enters. Guarded by the key's mutex.
 */
final class WaitQueue {

    /*
     * A reader wants to share, a writer wants the key exclusively. When a writer has left and a reader waits, all
     * waiting readers move to the head of the queue. When one of them is admitted with nobody inside, all are. So a
     * read phase is as large as it can be. A reader that arrives later stands behind the next writer, and after that
     * writer it is the readers' turn again. So a writer waits for one read phase and for the writers before it, each
     * with a read phase of its own, and a reader waits for one writer.
     */

    private final Deque<Waiter> waiters = new ArrayDeque<>(2);

    /** Number of readers in the queue. */
    private int waitingToShare;

    /** The scope admitted last was a writer. */
    private boolean readersTurn;

    boolean isEmpty() {
        return waiters.isEmpty();
    }

    int size() {
        return waiters.size();
    }

    /** The head, or null. */
    Waiter peek() {
        return waiters.peek();
    }

    void add(Waiter waiter) {
        waiters.add(waiter);
        waitingToShare += waiter.mode == LockMode.SHARED ? 1 : 0;
    }

    /** Removes the head, which must exist. */
    void removeHead() {
        left(waiters.poll());
    }

    void remove(Waiter waiter) {
        waiters.remove(waiter);
        left(waiter);
    }

    /** The waiters in their order. To remove one, use {@link #remove(Iterator, Waiter)}. */
    Iterator<Waiter> iterator() {
        return waiters.iterator();
    }

    /** Removes the waiter that {@code at} returned last. */
    void remove(Iterator<Waiter> at, Waiter waiter) {
        at.remove();
        left(waiter);
    }

    /** Keeps the count of waiting readers; called for each waiter that has left the queue. */
    private void left(Waiter waiter) {
        waitingToShare -= waiter.mode == LockMode.SHARED ? 1 : 0;
    }

    /** Removes the head and returns it, or null; for a queue whose count of waiting readers can't be trusted. */
    Waiter discardHead() {
        waitingToShare = 0;
        return waiters.poll();
    }

    /** A scope has been admitted in this mode, whether it stood in the queue or not. */
    void admitted(LockMode mode) {
        readersTurn = mode == LockMode.EXCLUSIVE;
    }

    boolean readerWaits() {
        return waitingToShare != 0;
    }

    /**
     * Moves all waiting readers to the head of the queue if a read phase is about to begin. Called while a reader
     * waits, there is a grant and nobody is inside.
     */
    void readersFirst() {
        boolean begins = readersTurn || waiters.peek().mode == LockMode.SHARED;
        if (begins && waitingToShare < waiters.size()) {
            List<Waiter> writers = new ArrayList<>();
            waiters.removeIf(waiter -> waiter.mode == LockMode.EXCLUSIVE && writers.add(waiter));
            waiters.addAll(writers);
        }
    }
}
