package io.floodlock.runtime.tx.database;

import java.lang.StackWalker.StackFrame;
import java.util.Set;

/**
 * Recognises pools that the agent knows, and the DataSources from which a pool takes its connections. Connections of
 * the latter get no handle: the application never sees them, as the pool's own connections are wrapped. So statements
 * that a pool runs on the connections below, at any time and on any thread, are left alone. Thread-safe.
 */
public final class PoolInternal {

    private static final Set<String> DRIVER_SIDE = Set.of("com.zaxxer.hikari.util.DriverDataSource");

    private static final Set<String> POOLS = Set.of(
            "com.zaxxer.hikari.HikariDataSource",
            "org.apache.commons.dbcp2.BasicDataSource",
            "org.apache.tomcat.jdbc.pool.DataSource",
            "io.agroal.pool.DataSource",
            "com.alibaba.druid.pool.DruidDataSource");

    private static final String[] FILLERS = {
        "com.zaxxer.hikari.pool.",
        "org.apache.commons.dbcp2.",
        "org.apache.commons.dbcp.",
        "org.apache.tomcat.jdbc.pool.",
        "io.agroal.pool.",
        "com.alibaba.druid.pool.",
        "com.jolbox.bonecp.",
        "com.mchange.v2.",
        "org.vibur.dbcp."
    };

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private PoolInternal() {}

    /** Whether the source is a known pool, which fills itself and lends each connection to one user at a time. */
    public static boolean isPool(Object source) {
        for (Class<?> type = source.getClass(); type != null; type = type.getSuperclass()) {
            if (POOLS.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the source works for a pool. Called as a source hands out a connection; looks at the callers on the
     * stack.
     */
    public static boolean isSource(Object source) {
        String name = source.getClass().getName();
        if (DRIVER_SIDE.contains(name)) {
            return true;
        }
        // worth it: a source that is no pool opens a connection each time, which takes a thousand times longer than
        // this look
        return !POOLS.contains(name) && isCalledByPool(source);
    }

    /** Frames of the source itself don't count: it may be a class of a pool. */
    private static boolean isCalledByPool(Object source) {
        return STACK.walk(frames -> frames.anyMatch(
                frame -> fills(frame) && !frame.getDeclaringClass().isInstance(source)));
    }

    private static boolean fills(StackFrame frame) {
        for (String filler : FILLERS) {
            if (frame.getClassName().startsWith(filler)) {
                return true;
            }
        }
        return false;
    }
}
