package io.floodlock.processor;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.lang.model.element.Element;

/**
 * Checks the names under which calls are stored: that no two methods share them, and that they are written down. Not
 * thread-safe.
 */
final class WireNames {

    private static final String SUPPRESSED = "floodlock";

    private final Problems problems;
    private final Map<String, QueuedElement> known = new HashMap<>();

    WireNames(Problems problems) {
        this.problems = problems;
    }

    void check(QueuedElement method) {
        QueuedElement other = known.putIfAbsent(method.queue() + '\n' + method.name(), method);
        if (other != null) {
            String message = method.rule().title() + " name is \"" + method.name() + "\" in queue \"" + method.queue()
                    + "\", as that of " + other.source()
                    + ", so a stored call would not identify which of them to run; give one of them another name, as"
                    + " name = \"" + method.name() + "2\"";
            problems.error(method.element(), method.rule(), "name", message);
        }
        boolean noQueue = method.rule().text("queue", "").isEmpty();
        boolean noName = method.rule().text("name", "").isEmpty();
        if ((noQueue || noName) && !isSuppressed(method.element())) {
            warn(method, noQueue, noName);
        }
    }

    private void warn(QueuedElement method, boolean noQueue, boolean noName) {
        String missing = noQueue && noName ? "neither queue nor name" : noQueue ? "no queue" : "no name";
        String renamed = noQueue && noName ? "class or the method" : noQueue ? "class" : "method";
        String queue = "queue = \"" + method.queue() + '"';
        String name = "name = \"" + method.name() + '"';
        String values = noQueue && noName ? queue + ", " + name : noQueue ? queue : name;
        String message = method.rule().title() + " gives " + missing + ", so its stored calls are lost to it once the "
                + renamed + " is renamed; write the value in use today: " + values;
        problems.warning(method.element(), method.rule(), message);
    }

    private boolean isSuppressed(Element element) {
        for (Element at = element; at != null; at = at.getEnclosingElement()) {
            SuppressWarnings suppressed = at.getAnnotation(SuppressWarnings.class);
            if (suppressed != null && Arrays.asList(suppressed.value()).contains(SUPPRESSED)) {
                return true;
            }
        }
        return false;
    }
}
