package io.floodlock.runtime.lock;

/** A request to Redis for one key, from its first sending until it is granted, refused or given up. Guarded by the lock's mutex. */
final class Ask {

    /** Nobody here waits for it any more. */
    volatile boolean givenUp;

    /** Another JVM was heard to want the grant before the grant itself was heard. */
    boolean wanted;

    /** Redis has put it in the queue, so a push will tell; it is repeated from time to time all the same. */
    boolean queued;

    boolean inFlight;
    long repeatAt;
    Session session;

    final long grant;
    final Mode mode;
    final boolean patient;
    final String who;

    Ask(long grant, Mode mode, boolean patient, String who) {
        this.grant = grant;
        this.mode = mode;
        this.patient = patient;
        this.who = who;
    }
}
