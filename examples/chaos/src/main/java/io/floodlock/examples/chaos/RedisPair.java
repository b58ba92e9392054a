package io.floodlock.examples.chaos;

import io.floodlock.testkit.FakeClock;
import io.floodlock.testkit.RedisServer;
import java.util.Optional;

/** A Redis and its replica, which can be promoted. Not thread-safe. */
final class RedisPair implements AutoCloseable {

    /** Data that is written but not synced survives the end of the process, and no fault here does more than that. */
    private static final String[] SETTINGS = {
        "appendonly yes",
        "appendfsync no",
        "repl-diskless-sync yes",
        "repl-diskless-sync-delay 0",
        "repl-ping-replica-period 1"
    };

    private final Optional<FakeClock> clock = FakeClock.create();
    private RedisServer master = start();
    private RedisServer replica = start();

    RedisPair() {
        follow(replica, master);
    }

    private RedisServer start() {
        return clock.map(fake -> RedisServer.start(fake, SETTINGS)).orElseGet(() -> RedisServer.start(SETTINGS));
    }

    private static void follow(RedisServer replica, RedisServer master) {
        replica.cli("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
    }

    RedisServer master() {
        return master;
    }

    /** The clock of both servers; empty if it can't be moved. */
    Optional<FakeClock> clock() {
        return clock;
    }

    /**
     * Stops replication, so that the replica misses later writes. Returns false, without effect, if the replica is
     * not connected to the master.
     */
    boolean cutReplication() {
        boolean follows = replica.cli("INFO", "replication").contains("master_link_status:up");
        if (follows) {
            replica.cli("REPLICAOF", "NO", "ONE");
        }
        return follows;
    }

    /** Kills the master and makes the replica the master, with the data that it has. */
    void promote() {
        RedisServer old = master;
        old.kill();
        master = replica;
        replica = old;
    }

    /** Makes the former master the replica. */
    void rejoin() {
        replica.restartEmpty();
        follow(replica, master);
    }

    @Override
    public void close() {
        master.close();
        replica.close();
        clock.ifPresent(FakeClock::close);
    }
}
