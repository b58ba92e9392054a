package io.floodlock.examples.shop.trial;

/**
 * The settings of a trial.
 *
 * @param agent whether the JVMs run with the agent; without it the same code runs without protection
 * @param lease the lease of locks, {@code floodlock.lease}
 * @param fsync Redis's {@code appendfsync}
 * @param hard whether tenants' books are kept too, and threads of one JVM overflow their stacks
 * @param stock units of each product at the beginning
 */
public record Plan(boolean agent, int jvms, int products, int stock, String lease, String fsync, boolean hard) {

    /**
     * A stock per product that sells out: about six tenths of the units that this many orders request, at two units
     * on average.
     */
    public static int scarce(long orders, int products) {
        return (int) Math.max(1, orders * 12 / 10 / products);
    }
}
