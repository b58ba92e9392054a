package io.floodlock.processor;

import io.floodlock.processor.MessageManifest.Kind;
import io.floodlock.processor.MessageManifest.Message;
import io.floodlock.processor.MessageManifest.Parameter;
import io.floodlock.processor.MessageManifest.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The manifest as a file: lines of words with one blank between them, so that a person can read what differs.
 *
 * <pre>
 *   floodlock messages 1
 *   message orders place
 *     parameter order com.shop.Order
 *     result void
 *   type com.shop.Order object
 *     field customer java.lang.String
 *     field state com.shop.State
 *   type com.shop.State enum
 *     constant PAID
 * </pre>
 *
 * Messages are sorted by queue and name, types and their members by name; parameters have the order of the method.
 * Empty lines and lines that begin with {@code #} are ignored. Stateless.
 */
final class ManifestText {

    /** With the version of the format. */
    static final String HEAD = "floodlock messages 1";

    private ManifestText() {}

    static String write(MessageManifest manifest) {
        StringBuilder out = new StringBuilder(HEAD).append('\n');
        for (Message message : manifest.messages().values()) {
            line(out, "message", message.queue(), message.name());
            for (Parameter parameter : message.parameters()) {
                line(out, "  parameter", parameter.name(), parameter.type());
            }
            line(out, "  result", message.result());
        }
        manifest.structures().forEach((type, structure) -> {
            line(out, "type", type, structure.kind().text);
            structure.members().forEach((name, content) -> {
                String member = "  " + structure.kind().member;
                if (structure.kind() == Kind.ENUM) {
                    line(out, member, name);
                } else {
                    line(out, member, name, content);
                }
            });
        });
        return out.toString();
    }

    private static void line(StringBuilder out, String... words) {
        out.append(String.join(" ", words)).append('\n');
    }

    /** @throws IllegalArgumentException with the number of the line that is not understood */
    static MessageManifest read(List<String> lines) {
        Reader reader = new Reader();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#") && !reader.take(line)) {
                throw new IllegalArgumentException("line " + (i + 1) + " is \"" + line + "\", which is "
                        + (reader.begun ? "no line of this format" : "not \"" + HEAD + "\""));
            }
        }
        if (!reader.begun) {
            throw new IllegalArgumentException("it does not begin with \"" + HEAD + "\"");
        }
        reader.endMessage();
        return new MessageManifest(reader.messages, reader.structures);
    }

    private static final class Reader {

        private final SortedMap<String, Message> messages = new TreeMap<>();
        private final SortedMap<String, Structure> structures = new TreeMap<>();
        private boolean begun;

        /** The message and the type whose lines are read; null if none. */
        private String[] message;

        private Structure structure;
        private List<Parameter> parameters = new ArrayList<>();
        private String result = "void";

        /** False if the line is not understood. */
        boolean take(String line) {
            if (!begun) {
                begun = line.equals(HEAD);
                return begun;
            }
            String[] words = line.split(" +");
            return switch (words[0] + words.length) {
                case "message3" -> beginMessage(words);
                case "parameter3" -> message != null && parameters.add(new Parameter(words[1], words[2]));
                case "result2" -> setResult(words[1]);
                case "type3" -> beginType(words);
                case "field3", "permits3", "constant2" -> addMember(words);
                default -> false;
            };
        }

        private boolean beginMessage(String[] words) {
            endMessage();
            structure = null;
            message = words;
            return true;
        }

        private boolean setResult(String type) {
            result = type;
            return message != null;
        }

        private boolean beginType(String[] words) {
            endMessage();
            for (Kind kind : Kind.values()) {
                if (kind.text.equals(words[2])) {
                    structure = new Structure(kind, new TreeMap<>());
                    structures.put(words[1], structure);
                    return true;
                }
            }
            return false;
        }

        private boolean addMember(String[] words) {
            if (structure == null || !structure.kind().member.equals(words[0])) {
                return false;
            }
            structure.members().put(words[1], words.length < 3 ? "" : words[2]);
            return true;
        }

        void endMessage() {
            if (message != null) {
                Message read = new Message(message[1], message[2], List.copyOf(parameters), result);
                messages.put(read.id(), read);
            }
            message = null;
            parameters = new ArrayList<>();
            result = "void";
        }
    }
}
