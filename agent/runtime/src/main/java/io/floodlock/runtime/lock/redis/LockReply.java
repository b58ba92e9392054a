package io.floodlock.runtime.lock.redis;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.store.GrantReply;
import io.floodlock.runtime.lock.store.HolderInfo;
import io.floodlock.runtime.lock.store.QueuePlace;
import java.util.List;
import java.util.function.Function;

/**
 * The reply of a lock script, with typed access to its fields. It trusts no field: a reply of a wrong form is an
 * {@link IllegalStateException}. Each script describes its reply in its head. Immutable.
 */
final class LockReply {

    private static final int MAX_TEXT = 1_000;

    private final List<Object> fields;

    LockReply(List<Object> fields) {
        this.fields = fields;
    }

    /**
     * Reads the reply of the acquire script.
     *
     * @param place makes the place in the queue if the request is queued
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

    /** The version of the session that the script found; see {@code BucketScripts} for its use. */
    long versionFound() {
        return version(0);
    }

    /** The version that the script left, its own changes included. */
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

    /** As {@link #number(int)}; {@code otherwise} if the reply ends before this field. */
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

    /** The holder of the lock, from a reply {@code queued} or {@code busy}. */
    HolderInfo holder() {
        return new HolderInfo(
                number(2), text(3).equals("x") ? LockMode.EXCLUSIVE : LockMode.SHARED, text(4), number(5), text(6));
    }

    /** The busy notice that a {@code busy} reply is based on; null if the reply has another reason or another kind. */
    BusyNotice busyNotice(String name, long sentNanos) {
        boolean hasNotice = is("busy") && fields.size() > 7;
        return hasNotice ? new BusyNotice(name, text(7), holder(), text(9), sentNanos + number(8) * 1_000) : null;
    }

    private IllegalStateException malformed() {
        return new IllegalStateException("Redis answered a lock script with " + fields.size()
                + " fields in an unknown form. Check that all JVMs of the namespace use the same Floodlock version.");
    }
}
