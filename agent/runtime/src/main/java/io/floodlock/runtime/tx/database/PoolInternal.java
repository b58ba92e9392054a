package io.floodlock.runtime.tx.database;

import java.lang.StackWalker.StackFrame;
import java.util.Set;

/**
 * Recognises DataSources that work for a pool. The application never sees their connections: the pool's own are the
 * ones to wrap, and what a pool runs on those below them, at any time and on any thread, is its own affair.
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

    /** A pool that is known to fill itself, and to lend its connections to one user at a time. */
    public static boolean isPool(Object source) {
        for (Class<?> type = source.getClass(); type != null; type = type.getSuperclass()) {
            if (POOLS.contains(type.getName())) {
                return true;
            }
        }
        return false;
    }

    /** Called where a source hands out a connection: looks who asked it to. */
    public static boolean isSource(Object source) {
        String name = source.getClass().getName();
        if (DRIVER_SIDE.contains(name)) {
            return true;
        }
        // opening a connection takes a thousand times longer than looking, and what is no pool opens one each time
        return !POOLS.contains(name) && isAskedByPool(source);
    }

    /** The source itself may be a class of a pool's. */
    private static boolean isAskedByPool(Object source) {
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
