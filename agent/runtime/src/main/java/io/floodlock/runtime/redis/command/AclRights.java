package io.floodlock.runtime.redis.command;

/** The rights that an ACL user needs at least, for messages; the configuration page lists the same. */
public final class AclRights {

    /**
     * The arguments after {@code ACL SETUSER <user>}. In 6.2 a new user has all channels, so they are reset before one
     * is added. All names exist in every supported version: 7.0 refuses the whole line if one subcommand is of a later
     * version.
     */
    public static final String RIGHTS = "resetchannels ~floodlock:* &floodlock:* +@read +@write +@pubsub +@scripting"
            + " +@connection -@dangerous +info +time +select +asking +client|setname +cluster|nodes";

    private AclRights() {}
}
