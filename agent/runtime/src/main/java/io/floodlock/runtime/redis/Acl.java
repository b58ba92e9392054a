package io.floodlock.runtime.redis;

/** The least that an ACL user needs, for messages; the README has the same. */
public final class Acl {

    /**
     * Behind {@code ACL SETUSER <user>}. In 6.2 a new user has all channels, to which none can be added. Only what every
     * supported version knows is named: 7.0 refuses the whole line where a subcommand is of a later version.
     */
    public static final String RIGHTS = "resetchannels ~floodlock:* &floodlock:* +@read +@write +@pubsub +@scripting"
            + " +@connection -@dangerous +info +time +select +asking +client|setname +cluster|nodes";

    private Acl() {}
}
