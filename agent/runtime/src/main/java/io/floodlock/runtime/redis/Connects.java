package io.floodlock.runtime.redis;

import java.net.InetSocketAddress;
import org.redisson.connection.ConnectionListener;

/** Tells of nodes that are connected, each once until Redisson has found it disconnected. */
// the interface still demands the deprecated methods
@SuppressWarnings("deprecation")
record Connects(Runnable changed) implements ConnectionListener {

    @Override
    public void onConnect(InetSocketAddress node) {
        changed.run();
    }

    @Override
    public void onDisconnect(InetSocketAddress node) {
        // told for one connection out of several, and not always: see Disconnects
    }
}
