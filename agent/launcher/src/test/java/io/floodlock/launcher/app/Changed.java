package io.floodlock.launcher.app;

import io.floodlock.PessimisticLock;
import java.lang.reflect.Method;

/** A class that another agent changes, by replacing the text that it prints with another of its length. */
public final class Changed {

    private Changed() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        run();
        Object retransform = System.getProperties().get("retransform");
        if (retransform instanceof Runnable again) {
            again.run();
            run();
        }
    }

    private static void run() throws ReflectiveOperationException {
        locked(1);
        for (String name : new String[] {"locked", "other"}) {
            Method method = Changed.class.getDeclaredMethod(name, long.class);
            System.out.println(method.getParameters()[0].isNamePresent() + " " + method.getParameters()[0].getName());
        }
    }

    @PessimisticLock(key = "{orderId}")
    static void locked(long orderId) {
        System.out.println("original");
    }

    static void other(long plainId) {}
}
