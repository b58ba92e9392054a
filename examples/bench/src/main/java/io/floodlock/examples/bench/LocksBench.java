package io.floodlock.examples.bench;

import java.util.Set;

/**
 * Measures locks of woven methods, in JVMs with the agent, against locks of other libraries in separate JVMs. When
 * quick, only against the peers that the goals name.
 */
final class LocksBench implements Bench {

    @Override
    public String name() {
        return "locks";
    }

    @Override
    public Set<Server> servers(BenchContext context) {
        return Set.of(Server.REDIS, Server.POSTGRES);
    }

    /** False: only the JVMs that it starts run with the agent. */
    @Override
    public boolean woven() {
        return false;
    }

    @Override
    public void run(BenchContext context) throws Exception {
        try (LockArena arena = new LockArena(context)) {
            new LockControl(context.report(), arena).run();
            new LocksInOneJvm(context, arena).run();
            new LocksInTwoJvms(context, arena).run();
            new LocksAtOnce(context, arena).run();
            new LocksInRedis(context, arena).run();
            new FencedLocks(context, arena).run();
            new LocksAtTheEnd(context, arena).run();
        }
    }
}
