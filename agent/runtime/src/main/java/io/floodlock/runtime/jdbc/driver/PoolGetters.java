package io.floodlock.runtime.jdbc.driver;

import java.lang.reflect.Method;

/** Calls getters of pools by reflection, because their classes are the application's. Thread-safe. */
public final class PoolGetters {

    private PoolGetters() {}

    /** The result of the first of these getters that returns a string; null if none does. */
    public static String text(Object bean, String... getters) {
        for (String getter : getters) {
            if (get(bean, getter) instanceof String text) {
                return text;
            }
        }
        return null;
    }

    /** The result of a getter; null if there is no such getter, it can't be called, or {@code bean} is null. */
    public static Object get(Object bean, String getter) {
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
