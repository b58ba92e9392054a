package io.floodlock.processor;

import java.util.List;
import java.util.SortedMap;

/**
 * The messages that the queued methods of one compilation take, with the structure of all types in them. Names of
 * classes do not travel, so a structure may keep its meaning while its class is renamed. Immutable by convention.
 *
 * @param messages by queue and name, see {@link Message#id}
 * @param structures by the text of the type; types of the JDK have none
 */
record MessageManifest(SortedMap<String, Message> messages, SortedMap<String, Structure> structures) {

    /** What one queued method takes and gives back; {@code void} if nothing. */
    record Message(String queue, String name, List<Parameter> parameters, String result) {

        /** Sorts by queue, then by name: a blank is in neither. */
        String id() {
            return queue + ' ' + name;
        }
    }

    /** @param type as {@link TypeText} reads it */
    record Parameter(String name, String type) {}

    /** What the codec writes of a value. The texts are those of the file. */
    enum Kind {
        /** The fields of an object, or the components of a record: name to type. */
        OBJECT("object", "field"),

        /** The constants of an enum: name to an empty text. */
        ENUM("enum", "constant"),

        /** The classes that a sealed type permits: simple name to type. */
        SEALED("sealed", "permits");

        final String text;
        final String member;

        Kind(String text, String member) {
            this.text = text;
            this.member = member;
        }
    }

    record Structure(Kind kind, SortedMap<String, String> members) {}
}
