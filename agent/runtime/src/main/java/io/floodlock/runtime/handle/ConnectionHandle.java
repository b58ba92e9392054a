package io.floodlock.runtime.handle;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.ConnectionHooks;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.HandleFactory;
import io.floodlock.runtime.jdbc.SwitchingConnection;
import java.sql.Connection;
import java.util.function.Function;

/**
 * A {@link SwitchingConnection} that declares {@link Connection} itself: some libraries make a proxy of the
 * interfaces that a class declares directly. {@code HandleLoader} defines it beside each driver.
 */
final class ConnectionHandle extends SwitchingConnection implements Connection {

    ConnectionHandle(
            HandleFactory handles,
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        super(handles, hooks, source, madeBy, raw, toCaller);
    }

    ConnectionHandle(
            HandleFactory handles,
            ConnectionHooks hooks,
            Object source,
            Class<?> madeBy,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        super(handles, hooks, source, madeBy, enlistment, autoCommit, readOnly, toCaller);
    }
}
