package io.floodlock.processor;

import io.floodlock.processor.MessageManifest.Kind;
import io.floodlock.processor.MessageManifest.Structure;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds what a new version of a type can't read of values that an old version has written. Classes are compared by
 * their structure, because their names don't travel. The codec ignores unknown fields and gives missing ones their
 * default, so fields may be added and removed. Not thread-safe.
 */
final class StructureComparison {

    private final Map<String, Structure> before;
    private final Map<String, Structure> after;
    private final Set<String> compared = new HashSet<>();
    private final List<String> changes = new ArrayList<>();

    StructureComparison(MessageManifest before, MessageManifest after) {
        this.before = before.structures();
        this.after = after.structures();
    }

    /** What has changed, each with its place; empty if all values can be read. */
    List<String> changes() {
        return changes;
    }

    /** @param where the parameter or the result, followed by the path to the value within it */
    void compare(String oldType, String newType, String where) {
        compare(TypeText.parse(oldType), TypeText.parse(newType), where);
    }

    private void compare(TypeText old, TypeText now, String where) {
        Structure was = before.get(old.element());
        Structure is = after.get(now.element());
        if (old.dimensions() != now.dimensions() || (was == null) != (is == null)) {
            changed(old, now, where);
        } else if (was != null) {
            if (compared.add(old.element() + ' ' + now.element())) {
                compare(was, is, where + "[]".repeat(old.dimensions()));
            }
        } else if (!old.name().equals(now.name())
                || old.arguments().size() != now.arguments().size()) {
            changed(old, now, where);
        } else {
            for (int i = 0; i < old.arguments().size(); i++) {
                compare(old.arguments().get(i), now.arguments().get(i), where + argument(old, i));
            }
        }
    }

    private static String argument(TypeText type, int index) {
        return type.arguments().size() == 2 && index == 0 ? "'s keys" : "[]";
    }

    private void compare(Structure was, Structure is, String where) {
        if (was.kind() != is.kind()) {
            changes.add(where + " was of kind " + was.kind().text + " and is of kind " + is.kind().text);
            return;
        }
        was.members().forEach((name, old) -> {
            String now = is.members().get(name);
            if (was.kind() == Kind.OBJECT) {
                if (now != null) {
                    compare(old, now, where + "." + name);
                }
            } else if (now == null) {
                changes.add(
                        where + " lacks the " + (was.kind() == Kind.ENUM ? "constant " : "permitted class ") + name);
            } else if (was.kind() == Kind.SEALED) {
                compare(old, now, where + " as " + name);
            }
        });
    }

    private void changed(TypeText old, TypeText now, String where) {
        changes.add(where + " was " + old + " and is " + now);
    }
}
