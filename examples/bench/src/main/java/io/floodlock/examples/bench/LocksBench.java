package io.floodlock.examples.bench;

import java.util.Set;

/**
 * Locks through woven methods, in JVMs with the agent, against other libraries' in JVMs of their own. When quick, against the
 * best peer of each goal only.
 */
final class LocksBench implements Bench {

    @Override
    public String name() {
        return "locks";
    }

    @Override
    public Set<Server> servers() {
        return Set.of(Server.REDIS, Server.POSTGRES);
    }

    /** Only the JVMs that it starts are. */
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
