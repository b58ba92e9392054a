package io.floodlock.runtime.handle;

import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.jdbc.ConnectionHooks;
import io.floodlock.runtime.jdbc.Enlistment;
import io.floodlock.runtime.jdbc.HandleFactory;
import io.floodlock.runtime.jdbc.SwitchingConnection;
import java.sql.Connection;
import java.util.function.Function;

/** Names its interface itself, for those who make proxies of a class's interfaces. */
final class ConnectionHandle extends SwitchingConnection implements Connection {

    ConnectionHandle(
            HandleFactory handles,
            ConnectionHooks gate,
            Object source,
            Class<?> madeBy,
            Connection raw,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        super(handles, gate, source, madeBy, raw, toCaller);
    }

    ConnectionHandle(
            HandleFactory handles,
            ConnectionHooks gate,
            Object source,
            Class<?> madeBy,
            Enlistment enlistment,
            boolean autoCommit,
            boolean readOnly,
            Function<FloodlockFailure, RuntimeException> toCaller) {
        super(handles, gate, source, madeBy, enlistment, autoCommit, readOnly, toCaller);
    }
}
