package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.lock.store.LockStore;
import io.floodlock.runtime.lock.store.LockStoreContract;
import io.floodlock.runtime.redis.RedisGateway;
import io.floodlock.testkit.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisLockStoreIT extends LockStoreContract {

    private static RedisServer server;

    private final List<RedisGateway> clients = new ArrayList<>();

    @BeforeAll
    static void startServer() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    public LockStore.Factory stores() {
        return (services, events) -> {
            if (clients.isEmpty()) {
                server.cli("FLUSHALL");
            }
            Settings settings = Settings.of(Map.of("redis", server.url(), "lease", "10s"));
            RedisGateway client = new RedisGateway(settings);
            clients.add(client);
            return new RedisLockStore(RedisNode.create(settings, client, services), events);
        };
    }

    @Override
    public void storesClosed() {
        clients.forEach(RedisGateway::close);
    }
}
