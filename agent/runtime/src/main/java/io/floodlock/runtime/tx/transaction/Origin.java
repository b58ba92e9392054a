package io.floodlock.runtime.tx.transaction;

import io.floodlock.runtime.jdbc.TrackedConnection;
import io.floodlock.runtime.jdbc.driver.PoolGetters;
import io.floodlock.runtime.tx.database.PoolInternal;
import java.util.Collection;
import java.util.Optional;

/**
 * A pool or driver, and the state in which it handed out a branch's connection. The source need not be asked for
 * another connection as long as the branch's session is as it was handed out. {@link BranchHandles} keeps them.
 *
 * @param site the class whose getConnection() handed it out
 */
record Origin(Object source, Class<?> site, boolean autoCommit, boolean readOnly) {

    /** Empty where the source must be asked each time. */
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
     * Whether a session stays unchanged between two uses, unless one of our handles has changed it. This holds for
     * pools that are known to run nothing as they hand out, and for the driver itself. Any other source may change it
     * below our handles.
     */
    static boolean handsOutUnchanged(Object source) {
        return (PoolInternal.isPool(source) || source.getClass().getName().startsWith("org.postgresql."))
                && !customizes(source);
    }

    /**
     * Whether a pool runs code of the application each time it hands out a connection, for example to set a tenant.
     * Such a pool must be asked each time.
     */
    private static boolean customizes(Object source) {
        String name = source.getClass().getName();
        if (name.startsWith("com.zaxxer.hikari.") || name.startsWith("org.postgresql.")) {
            return false;
        }
        String interceptors = PoolGetters.text(source, "getJdbcInterceptors");
        return interceptors != null
                        && interceptors.replace("org.apache.tomcat.", "").contains(".")
                || PoolGetters.get(source, "getPoolInterceptors") instanceof Collection<?> own && !own.isEmpty()
                || PoolGetters.text(source, "getConnectionCustomizerClassName") != null;
    }
}
