package io.floodlock.runtime.jdbc.driver;

import java.lang.reflect.Method;

/** Asks the getters of pools, whose classes are the application's. */
public final class PoolGetters {

    private PoolGetters() {}

    /** The first of these getters that answers a text; null if none does. */
    public static String text(Object bean, String... getters) {
        for (String getter : getters) {
            if (ask(bean, getter) instanceof String text) {
                return text;
            }
        }
        return null;
    }

    /** Null if there is no such getter, it may not be asked, or there is no bean. */
    public static Object ask(Object bean, String getter) {
        if (bean == null) {
            return null;
        }
        try {
            Method method = bean.getClass().getMethod(getter);
            method.setAccessible(true);
            return method.invoke(bean);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
