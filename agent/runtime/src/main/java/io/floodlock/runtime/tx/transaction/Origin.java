package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.PoolGetters;
import io.floodlock.runtime.tx.database.PoolInternal;
import java.util.Collection;
import java.util.Optional;

/**
 * A pool or driver that a branch has a connection of, and what it hands them out as. Another one needs not be asked for
 * as long as the branch's session is as it was handed out.
 *
 * @param site the class whose getConnection() handed it out
 */
record Origin(Object source, Class<?> site, boolean autoCommit, boolean readOnly) {

    /** Empty where its source is to be asked each time. */
    static Optional<Origin> of(TrackedConnection handle) {
        if (handle.madeBy() == null || customizes(handle.source())) {
            return Optional.empty();
        }
        return Optional.of(
                new Origin(handle.source(), handle.madeBy(), handle.handedOutAutoCommit(), handle.handedOutReadOnly()));
    }

    boolean is(Object other, Class<?> otherSite) {
        return source == other && site == otherSite;
    }

    boolean same(Origin other) {
        return is(other.source, other.site) && autoCommit == other.autoCommit && readOnly == other.readOnly;
    }

    /**
     * Whether a session stays as it is between two uses, unless one of our handles has changed it: so for pools that
     * are known to run nothing as they hand out, and for the driver itself. Any other source may do so below what we
     * see.
     */
    static boolean handsOutUnchanged(Object source) {
        return (PoolInternal.isPool(source) || source.getClass().getName().startsWith("org.postgresql."))
                && !customizes(source);
    }

    /**
     * Whether a pool runs code of the application's each time it hands out a connection (to set a tenant, say): such a
     * pool is asked each time.
     */
    private static boolean customizes(Object source) {
        String name = source.getClass().getName();
        if (name.startsWith("com.zaxxer.hikari.") || name.startsWith("org.postgresql.")) {
            return false;
        }
        String interceptors = PoolGetters.text(source, "getJdbcInterceptors");
        return interceptors != null
                        && interceptors.replace("org.apache.tomcat.", "").contains(".")
                || PoolGetters.ask(source, "getPoolInterceptors") instanceof Collection<?> own && !own.isEmpty()
                || PoolGetters.text(source, "getConnectionCustomizerClassName") != null;
    }
}
