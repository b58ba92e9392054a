package io.floodlock.weaver;

import io.floodlock.runtime.call.AgentRuntimes;
import io.floodlock.weaver.explain.Decision;
import java.util.function.Consumer;

/** Makes the weaver's decisions about class files that nobody loads. Thread-safe where the reader is. */
public final class OfflineWeaver {

    private final Decisions decisions;
    private final Weaver weaver;

    /** @param reader hears what a start with {@code floodlock.explain} would log */
    public OfflineWeaver(Consumer<Decision> reader) {
        decisions = new Explaining(reader);
        weaver = new Weaver(
                new ClassWeaver(AgentRuntimes.checking(), Dispatcher.NAME, decisions),
                true,
                decisions,
                LoadedClasses.none());
    }

    /**
     * Decides as if that class were loading.
     *
     * @param loader finds the class files of supertypes as resources; never asked for a class
     * @param name the class's internal name
     */
    public void decide(ClassLoader loader, String name, byte[] file) {
        try {
            weaver.look(loader, name, file, file, false);
        } catch (Refusal | RuntimeException | LinkageError failure) {
            if (weaver.asks(loader, name, file)) {
                decisions.failed(name, true, Weaver.reason(name, failure));
            }
        }
    }
}
