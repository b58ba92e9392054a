package io.floodlock.runtime.jdbc.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.ref.WeakReference;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeakIdentityMapTest {

    private final WeakIdentityMap<Object, Object> map = new WeakIdentityMap<>();

    /** What an application's wrapper of a connection may do: ask a lock or the server. */
    private static final class Foreign {

        @Override
        public boolean equals(Object other) {
            throw new AssertionError("asked");
        }

        @Override
        public int hashCode() {
            throw new AssertionError("asked");
        }
    }

    @Test
    void asksNoKey() {
        Foreign one = new Foreign();
        Foreign other = new Foreign();
        map.put(one, 1);
        map.put(other, 2);
        map.put(other, 3);
        assertEquals(1, map.get(one));
        assertEquals(3, map.get(other));
        map.remove(one);
        map.removeValue(3);
        assertNull(map.get(one));
        assertNull(map.get(other));
    }

    @Test
    void equalKeysAreDifferentOnes() {
        Object one = Map.of("a", 1);
        Object equal = Map.of("a", 1);
        map.put(one, "value");
        assertNull(map.get(equal));
        assertEquals("value", map.get(one));
    }

    @Test
    void letsKeysGoWithTheirValues() {
        WeakReference<Object> value = put(new Object());
        while (value.get() != null) {
            System.gc();
            map.put(this, "another");
        }
    }

    private WeakReference<Object> put(Object key) {
        Object value = new Object();
        map.put(key, value);
        return new WeakReference<>(value);
    }
}
