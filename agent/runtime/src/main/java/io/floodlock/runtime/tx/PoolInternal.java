package io.floodlock.runtime.tx;

import java.util.Set;

/**
 * Recognises DataSources that work for a pool. The application never sees their connections: the pool's own are the ones to
 * wrap, and what a pool runs on those below them, at any time and on any thread, is its own affair.
 */
final class PoolInternal {

    private static final Set<String> DRIVER_SIDE = Set.of("com.zaxxer.hikari.util.DriverDataSource");

    private static final Set<String> POOLS = Set.of(
            "com.zaxxer.hikari.HikariDataSource",
            "org.apache.commons.dbcp2.BasicDataSource",
            "org.apache.tomcat.jdbc.pool.DataSource",
            "io.agroal.pool.DataSource",
            "com.alibaba.druid.pool.DruidDataSource");

    private static final String[] FILLERS = {
        "com.zaxxer.hikari.pool.", "org.apache.commons.dbcp2.", "org.apache.tomcat.jdbc.pool.", "io.agroal.pool."
    };

    private PoolInternal() {}

    /** Called where a source hands out a connection: looks who asked it to. */
    static boolean isSource(Object source) {
        String name = source.getClass().getName();
        if (DRIVER_SIDE.contains(name)) {
            return true;
        }
        // opening a connection takes a thousand times longer than looking, and what is no pool opens one each time
        return !POOLS.contains(name) && askedByPool();
    }

    private static boolean askedByPool() {
        return StackWalker.getInstance().walk(frames -> frames.anyMatch(PoolInternal::fills));
    }

    private static boolean fills(StackWalker.StackFrame frame) {
        for (String filler : FILLERS) {
            if (frame.getClassName().startsWith(filler)) {
                return true;
            }
        }
        return false;
    }
}
