package io.floodlock.examples.chaos;

import io.floodlock.testkit.FakeClock;
import io.floodlock.testkit.RedisServer;
import java.util.Optional;

/** A Redis and its replica, which may take its place. Not thread-safe. */
final class RedisPair implements AutoCloseable {

    /** What is written but not synced survives the death of the process, which is what happens here. */
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

    /** The clock of both; empty where it can't be moved. */
    Optional<FakeClock> clock() {
        return clock;
    }

    /** From now on the replica misses what the master is told; false if it doesn't have it all before. */
    boolean cutReplication() {
        boolean follows = replica.cli("INFO", "replication").contains("master_link_status:up");
        if (follows) {
            replica.cli("REPLICAOF", "NO", "ONE");
        }
        return follows;
    }

    /** Kills the master; the replica takes its place as it is. */
    void promote() {
        RedisServer old = master;
        old.kill();
        master = replica;
        replica = old;
    }

    /** The master that was becomes the replica. */
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
