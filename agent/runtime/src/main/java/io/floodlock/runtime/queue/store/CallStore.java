package io.floodlock.runtime.queue.store;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallId;
import io.floodlock.runtime.queue.record.Position;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Where the calls of one queue are stored. {@code RedisCallStore} is the one there is; a log with partitions could be
 * another. Thread-safe. {@code CallStoreContract} in the tests says what each must do.
 */
public interface CallStore {

    /**
     * The layouts of a queue.
     *
     * @param present which producers use
     * @param former the one before, as long as calls of it are left; null else
     */
    record Layouts(LaneLayout present, LaneLayout former) {

        /** The one whose calls run. */
        public LaneLayout consumed() {
            return former == null ? present : former;
        }
    }

    /** What has become of a call that was stored. */
    enum Fate {
        /** The call may still run. */
        WAITS,
        /** The call has ended, and so have the others of its lane in its entry, or those before it if numbered. */
        OVER,
        /** The store has lost the call, which it had confirmed. */
        LOST
    }

    /**
     * Reads or stores the layout, and creates missing streams. When it completes, all streams exist.
     *
     * @return fails with UNAVAILABLE if the queue is stored in another format or its layout is invalid
     */
    CompletableFuture<LaneLayout> prepare();

    /** What {@link #prepare} has returned last, without asking the store; null if it has not. */
    LaneLayout known();

    /** What {@link #prepare} returns, with the layout before it; both as of one moment. */
    CompletableFuture<Layouts> layouts();

    /**
     * Gives the queue another number of lanes. Calls that are stored keep their lanes, and run before those that are
     * stored from then on. Fails as long as the queue has a former layout.
     *
     * @return the layout that producers use when it completes
     */
    CompletableFuture<LaneLayout> change(int lanes);

    /**
     * Ends a former layout, if no call of it is left.
     *
     * @return how many are left
     */
    CompletableFuture<Long> retire(LaneLayout layout);

    /** The id of the database that records which calls of the queue have run; null if none is stored. */
    CompletableFuture<String> home();

    /** Stores the id of that database, unless one is stored; returns the one that is stored then. */
    CompletableFuture<String> home(String id);

    /**
     * Pauses the queue, which must be prepared, for all its consumers, or lets it go on. Fails if 1,000 keys are
     * paused.
     *
     * @param key whose calls are meant; null for all
     * @return whether that changes its state
     */
    CompletableFuture<Boolean> pause(String key, boolean value);

    Appender appender();

    LaneLog lane(LaneLayout layout, int lane);

    ConsumerDirectory consumers();

    /**
     * @param entry that contains the call. A numbered call may be in several: it is over as soon as one of them is, and
     *     lost if this one is, although another may be there
     */
    CompletableFuture<Fate> fate(CallId call, int stream, int lane, Position entry);

    /** Waits for a future of this store, and fails as {@link #explain} says. */
    <T> T await(CompletableFuture<T> answer, Duration patience);

    /** The failure to report, with what to do about it. */
    FloodlockFailure explain(Throwable failure);

    /** Whether a setting must change before a repetition can succeed. */
    boolean isPermanent(FloodlockFailure failure);

    /** For messages. */
    String address();
}
