package io.floodlock.launcher.app;

import io.floodlock.PessimisticLock;
import java.lang.reflect.Method;

/** Prints the parameter names that reflection sees, of an annotated method and of another class's. */
public final class Parameters {

    private Parameters() {}

    public static void main(String[] args) throws ReflectiveOperationException {
        print(Parameters.class.getDeclaredMethod("locked", long.class));
        print(Plain.class.getDeclaredMethod("plain", String.class));
        locked(1);
        if (System.getProperties().get("retransform") instanceof Runnable retransform) {
            retransform.run();
            System.out.println("retransformed");
            locked(2);
        }
    }

    @PessimisticLock(key = "{orderId}")
    static void locked(long orderId) {}

    private static void print(Method method) {
        System.out.println(method.getParameters()[0].isNamePresent() + " " + method.getParameters()[0].getName());
    }

    /** Not annotated. */
    public static final class Plain {
        static void plain(String text) {}
    }
}
