package io.floodlock.faults.app;

import io.floodlock.Queued;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.se.SeContainer;
import jakarta.enterprise.inject.se.SeContainerInitializer;

/** A bean of CDI that has a queued method. */
public final class JakartaQueued {

    private static final SeContainer CONTAINER = SeContainerInitializer.newInstance()
            .disableDiscovery()
            .addBeanClasses(Notes.class)
            .initialize();

    private JakartaQueued() {}

    /** Starts the container. Nothing asks it for the bean. */
    static String load() {
        return "running " + CONTAINER.isRunning();
    }

    static String note(String what) {
        Notes bean = CONTAINER.select(Notes.class).get();
        bean.note(what);
        return "proxy " + (bean.getClass() != Notes.class);
    }

    @ApplicationScoped
    public static class Notes {

        private final String made = "by CDI";

        @Queued(queue = "notes", name = "note", waitTime = "1m")
        public void note(String what) {
            Console.say("noted " + what + " " + made);
        }
    }
}
