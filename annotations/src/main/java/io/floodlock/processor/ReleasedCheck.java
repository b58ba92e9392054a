package io.floodlock.processor;

import io.floodlock.processor.MessageManifest.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * Compares the messages of this compilation with those of a release. What calls stored by the release could not
 * survive is an error.
 */
final class ReleasedCheck {

    private static final Set<String> NOTHING = Set.of("void", "java.lang.Void");

    private final Problems problems;
    private final List<QueuedElement> methods;

    ReleasedCheck(Problems problems, List<QueuedElement> methods) {
        this.problems = problems;
        this.methods = methods;
    }

    void check(Path file, MessageManifest now) {
        MessageManifest released;
        try {
            released = ManifestText.read(Files.readAllLines(file));
        } catch (IOException e) {
            problems.error("floodlock.released is \"" + file + "\", which can't be read (" + e
                    + "); name a copy of a release's " + FloodlockProcessor.MESSAGES + ", or leave the option out");
            return;
        } catch (IllegalArgumentException e) {
            problems.error("floodlock.released is \"" + file + "\", which is no manifest of messages: " + e.getMessage()
                    + "; copy a release's " + FloodlockProcessor.MESSAGES + " there");
            return;
        }
        for (Message old : released.messages().values()) {
            Message message = now.messages().get(old.id());
            if (message == null) {
                problems.error(
                        title(file, old) + "no method takes it any more, so its stored calls would wait for ever;"
                                + " keep a method with queue = \"" + old.queue() + "\", name = \"" + old.name()
                                + "\", or remove its lines from that file once none of its calls is stored");
            } else {
                report(file, message, changes(old, message, released, now));
            }
        }
    }

    private static List<String> changes(Message old, Message message, MessageManifest released, MessageManifest now) {
        List<String> oldNames = names(old);
        List<String> names = names(message);
        if (!oldNames.equals(names)) {
            return List.of("its parameters were " + oldNames + " and are " + names);
        }
        StructureComparison comparison = new StructureComparison(released, now);
        for (int i = 0; i < names.size(); i++) {
            comparison.compare(
                    old.parameters().get(i).type(), message.parameters().get(i).type(), "parameter " + names.get(i));
        }
        // a caller that expects nothing ignores what is sent
        if (!NOTHING.contains(old.result())) {
            comparison.compare(old.result(), message.result(), "its result");
        }
        return comparison.changes();
    }

    private static List<String> names(Message message) {
        return message.parameters().stream()
                .map(MessageManifest.Parameter::name)
                .toList();
    }

    private void report(Path file, Message message, List<String> changes) {
        for (QueuedElement method : changes.isEmpty() ? List.<QueuedElement>of() : methods) {
            if (method.queue().equals(message.queue()) && method.name().equals(message.name())) {
                for (String change : changes) {
                    problems.error(
                            method.element(),
                            method.rule(),
                            title(file, message) + change + ", so its stored calls can't be read; take the change back,"
                                    + " or give the changed method another name and keep one of the old form until none"
                                    + " of its calls is stored");
                }
            }
        }
    }

    /** The message, and the file that has it. */
    private static String title(Path file, Message message) {
        return "message \"" + message.name() + "\" of queue \"" + message.queue() + "\" in " + file + ": ";
    }
}
