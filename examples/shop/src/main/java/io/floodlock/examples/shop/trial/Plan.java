package io.floodlock.examples.shop.trial;

/**
 * How a trial is set up.
 *
 * @param agent whether the JVMs run with the agent; without it the same code runs unprotected
 * @param lease of locks, {@code floodlock.lease}
 * @param fsync Redis's {@code appendfsync}
 * @param hard whether tenants' books are kept too, and threads of one JVM overflow their stacks
 * @param stock units of each product at the beginning
 */
public record Plan(boolean agent, int jvms, int products, int stock, String lease, String fsync, boolean hard) {

    /** A stock that sells out: about six tenths of what that many orders, of two units on average, ask for. */
    public static int scarce(long orders, int products) {
        return (int) Math.max(1, orders * 12 / 10 / products);
    }
}
