package io.floodlock.examples.bench.weave;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;

/**
 * Times the loops of {@link Calls} in turn, and prints one line per round: nanoseconds per direct call and per woven
 * call, the same two figures for chains, and bytes allocated per woven call. Of the many short runs in a round, the
 * fastest counts, because other programs can only slow a run down.
 */
public final class CallCost {

    private static final long CALLS = 1_000_000;
    private static final int RUNS = 20;

    private CallCost() {}

    public static void main(String[] args) throws Throwable {
        Class<?> calls = new OwnLoader().loadClass(Calls.class.getName());
        MethodHandle[] loops = {
            loop(calls, "direct"), loop(calls, "woven"), loop(calls, "directChain"), loop(calls, "wovenChain")
        };
        int rounds = Integer.parseInt(args[0]);
        for (int round = -5; round < rounds; round++) {
            double[] nanos = {Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE, Double.MAX_VALUE};
            long before = allocated();
            for (int run = 0; run < RUNS; run++) {
                for (int i = 0; i < loops.length; i++) {
                    nanos[i] = Math.min(nanos[i], nanos(loops[i]));
                }
            }
            double bytes = (allocated() - before) / (double) CALLS / RUNS / 2;
            if (round >= 0) {
                System.out.println(
                        "figures " + nanos[0] + " " + nanos[1] + " " + nanos[2] + " " + nanos[3] + " " + bytes);
            }
        }
    }

    private static MethodHandle loop(Class<?> calls, String name) throws ReflectiveOperationException {
        return MethodHandles.publicLookup().findStatic(calls, name, MethodType.methodType(long.class, long.class));
    }

    private static double nanos(MethodHandle loop) throws Throwable {
        long begin = System.nanoTime();
        long value = (long) loop.invokeExact(CALLS);
        long nanos = System.nanoTime() - begin;
        if (value == 0) {
            throw new IllegalStateException("the loop lost its value");
        }
        return nanos / (double) CALLS;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
                .getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /** Defines {@link Calls} itself, because the weaver does not weave classes of its own loader. */
    private static final class OwnLoader extends ClassLoader {

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Calls.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = Calls.class.getResourceAsStream("Calls.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
