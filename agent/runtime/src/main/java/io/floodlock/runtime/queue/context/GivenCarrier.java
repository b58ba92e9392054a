package io.floodlock.runtime.queue.context;

import io.floodlock.runtime.type.LibraryMethods;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/** A {@code ContextCarrier} of the application's, whose interface is another class than any of the agent's. */
final class GivenCarrier implements Carrier {

    private static final String TYPE = "io.floodlock.ContextCarrier";

    private final Object given;
    private final String name;
    private final MethodHandle capture;
    private final MethodHandle restore;

    private GivenCarrier(Class<?> type, Object given) throws ReflectiveOperationException {
        this.given = given;
        this.name = (String) LibraryMethods.call(LibraryMethods.virtual(type, "name", String.class), given);
        this.capture = LibraryMethods.virtual(type, "capture", Map.class);
        this.restore = LibraryMethods.virtual(type, "restore", Runnable.class, Map.class);
        if (name == null) {
            throw new IllegalArgumentException(given.getClass().getName() + ".name() returned null");
        }
    }

    /**
     * Those that the loader's services name.
     *
     * @throws ReflectiveOperationException if the loader does not see the interface
     */
    static List<Carrier> all(ClassLoader loader) throws ReflectiveOperationException {
        Class<?> type = Class.forName(TYPE, false, loader);
        List<Carrier> all = new ArrayList<>();
        for (Object given : ServiceLoader.load(type, loader)) {
            all.add(new GivenCarrier(type, given));
        }
        return all;
    }

    @Override
    public String name() {
        return "app:" + name;
    }

    @Override
    @SuppressWarnings("unchecked")
    public Map<String, String> capture() {
        return (Map<String, String>) LibraryMethods.call(capture, given);
    }

    @Override
    public Runnable restore(Map<String, String> captured) {
        return (Runnable) LibraryMethods.call(restore, given, captured);
    }
}
