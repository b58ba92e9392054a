package io.floodlock.weaver;

import io.floodlock.DistributedTx;
import io.floodlock.OnBusy;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongUnaryOperator;

/** Every form of method that can be woven. */
public class Orders implements LongUnaryOperator {

    public final StringBuilder bodies = new StringBuilder();

    public Orders() {
        this("default");
    }

    public Orders(String name) {
        bodies.append(name).append(';');
    }

    @Override
    @PessimisticLock(key = "order:{0}", waitTime = "250ms")
    public long applyAsLong(long id) {
        bodies.append("applyAsLong;");
        return id + 1;
    }

    @PessimisticLock(key = {"a", "b"})
    @SharedLock(key = "c")
    @DistributedTx(rollbackFor = IOException.class)
    public static String mixed(
            boolean z, byte b, char c, short s, int i, long l, float f, double d, String text, int[] array) {
        return "" + z + b + c + s + i + l + f + d + text + array.length;
    }

    @SharedLock(key = "a")
    @SharedLock(key = "b")
    public final void nothing() {}

    @SharedLock(key = "a")
    private int hidden(int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) {
            try {
                if (i == 3) {
                    throw new IllegalStateException("inside");
                }
                sum += i;
            } catch (IllegalStateException e) {
                sum += 100;
            } finally {
                sum += 1000;
            }
        }
        return sum;
    }

    public int callsHidden(int n) {
        return hidden(n);
    }

    @PessimisticLock(key = "a")
    public String branches(int n) {
        if (n == 0) {
            return "zero";
        }
        double half = n / 2.0;
        switch (n) {
            case 1:
                return "one";
            case 2:
                long two = 2;
                return "two" + two;
            default:
                return n > 100 ? "many" : "some" + half;
        }
    }

    @PessimisticLock(key = "a", onBusy = OnBusy.SKIP)
    public void skippable(long times) {
        for (long i = 0; i < times; i++) {
            bodies.append("skippable;");
        }
    }

    @SharedLock(key = "a", onBusy = OnBusy.SKIP)
    public static Optional<String> skippableResult(double d, String text) {
        return Optional.of(text + d);
    }

    @PessimisticLock(key = "a")
    public synchronized void fails(Exception e) throws Exception {
        bodies.append("fails;");
        throw e;
    }

    @Queued(key = "{0}", attempts = 3)
    public void queued(String id, double amount) {
        bodies.append("queued;");
    }

    @Queued
    public CompletableFuture<String> queuedResult(int id) {
        bodies.append("queuedResult;");
        return CompletableFuture.completedFuture("ran");
    }

    @Queued
    @PessimisticLock(key = "k")
    public static void queuedStatic(long id) {}
}
