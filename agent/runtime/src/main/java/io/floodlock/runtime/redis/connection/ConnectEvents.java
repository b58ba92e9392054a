package io.floodlock.runtime.redis.connection;

import java.net.InetSocketAddress;
import org.redisson.connection.ConnectionListener;

/**
 * Reports that a node is connected: once, and again only after Redisson has noticed that it was disconnected.
 * {@link LiveConnection} registers it.
 */
// the interface still demands the deprecated methods
@SuppressWarnings("deprecation")
record ConnectEvents(Runnable changed) implements ConnectionListener {

    @Override
    public void onConnect(InetSocketAddress node) {
        changed.run();
    }

    @Override
    public void onDisconnect(InetSocketAddress node) {
        // Redisson reports one connection of several, and not always: see DisconnectEvents
    }
}
