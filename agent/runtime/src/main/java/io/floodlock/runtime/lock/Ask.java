package io.floodlock.runtime.lock;

/** A request to Redis for one key, from its first sending until it is granted, refused or given up. Guarded by the lock's mutex where not volatile. */
final class Ask {

    /** Nobody here waits for it any more. */
    volatile boolean givenUp;

    /** Another JVM was heard to want the grant before the grant itself was heard. */
    boolean wanted;

    /** Redis has answered it, whatever it said. */
    boolean answered;

    /** Redis has put it in the queue, so a push will tell; it is repeated from time to time all the same. */
    boolean queued;

    /** For one who doesn't wait: a holder elsewhere uses the key. */
    boolean busy;

    boolean inFlight;
    long repeatAt;

    /** Under which it was sent last; null before. */
    volatile Session session;

    /** What the grant said of whom it is shared with. */
    String phase;

    final LocalLock lock;
    final long grant;
    final Mode mode;
    final boolean patient;
    final Who who;

    Ask(LocalLock lock, long grant, Mode mode, boolean patient, Who who) {
        this.lock = lock;
        this.grant = grant;
        this.mode = mode;
        this.patient = patient;
        this.who = who;
    }
}
