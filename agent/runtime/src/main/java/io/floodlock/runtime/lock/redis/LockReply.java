package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.lock.store.QueuePlace;
import java.util.List;
import java.util.function.Function;

/** What a lock script answered. Nothing in it is trusted: a wrong form is an {@link IllegalStateException}. */
final class LockReply {

    private static final int MAX_TEXT = 1_000;

    private final List<Object> fields;

    LockReply(List<Object> fields) {
        this.fields = fields;
    }

    /**
     * The answer of the script that acquires.
     *
     * @param place where the request stands if it is queued
     */
    GrantReply grant(Function<LockReply, QueuePlace> place) {
        return switch (kind()) {
            case "granted" -> new GrantReply.Granted(number(2), text(4), text(3).equals("1"));
            case "queued" -> new GrantReply.Queued(holder(), place.apply(this));
            case "busy" -> new GrantReply.Busy(holder());
            case "lost" -> new GrantReply.SessionLost();
            case "stale" -> new GrantReply.Overtaken();
            default -> throw malformed();
        };
    }

    String kind() {
        return text(0);
    }

    boolean is(String kind) {
        return kind.equals(kind());
    }

    /** The version of the session's holds that the script found. */
    long versionFound() {
        return version(0);
    }

    /** The version that it left, its own changes included. */
    long versionLeft() {
        return version(1);
    }

    private long version(int index) {
        String[] parts = text(1).split(" ");
        if (parts.length != 2) {
            throw malformed();
        }
        return parse(parts[index]);
    }

    String text(int index) {
        if (index < fields.size() && fields.get(index) instanceof String text) {
            return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
        }
        throw malformed();
    }

    long number(int index) {
        return parse(text(index));
    }

    /** The same, or {@code otherwise} where the reply ends before. */
    long number(int index, long otherwise) {
        return index < fields.size() ? number(index) : otherwise;
    }

    private long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    /** Who holds the lock, of a reply {@code queued} or {@code busy}. */
    HolderInfo holder() {
        return new HolderInfo(
                number(2), text(3).equals("x") ? LockMode.EXCLUSIVE : LockMode.SHARED, text(4), number(5), text(6));
    }

    /** The word by which it says {@code busy}, or null if that is for another reason. */
    BusyNotice word(String name, long sentNanos) {
        boolean told = is("busy") && fields.size() > 7;
        return told ? new BusyNotice(name, text(7), holder(), text(9), sentNanos + number(8) * 1_000) : null;
    }

    private IllegalStateException malformed() {
        return new IllegalStateException("Redis answered a lock script with " + fields.size()
                + " fields of a form that Floodlock doesn't know; do JVMs with another version share its namespace?");
    }
}
