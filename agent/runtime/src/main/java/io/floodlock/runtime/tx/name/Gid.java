package io.floodlock.runtime.tx.name;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The global id of a transaction, {@code fl1:namespace:table:id:timeout}. It names the database that holds the
 * decision. A prepared branch is named {@code gid:database.nonce.rest}. Both fit PostgreSQL's 200 bytes and contain all
 * that recovery needs, so that recovery needs no other memory. {@code Completion} makes them, {@code Sweep} parses
 * them.
 *
 * @param namespace of the application; transactions of other namespaces are never touched
 * @param table the id of the database whose table holds the decision
 * @param id as {@link Ids#next()} makes it
 * @param timeoutMillis the transaction's timeout; in base 36 in the text
 */
public record Gid(String namespace, String table, String id, long timeoutMillis) {

    private static final String FORMAT = "fl1";
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_.-]{1,12}");
    private static final Pattern BRANCH = Pattern.compile("[\\w-]{22}\\.[\\w-]{22}\\.[0-9a-z]{1,9}");

    /** @throws IllegalArgumentException if the namespace can't be part of a transaction's name */
    public static String checkedNamespace(String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("floodlock.namespace: '" + namespace
                    + "' can't be part of transaction names; use 1 to 12 letters, digits, '_', '.' or '-'");
        }
        return namespace;
    }

    /** The prefix of all names of one application. */
    public static String prefix(String namespace) {
        return FORMAT + ":" + namespace + ":";
    }

    public String text() {
        return FORMAT + ":" + namespace + ":" + table + ":" + id + ":" + Long.toString(timeoutMillis, 36);
    }

    /** Empty if the text is not a gid of this format; names read from a database are not trusted. */
    public static Optional<Gid> parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 5
                || !parts[0].equals(FORMAT)
                || !NAMESPACE.matcher(parts[1]).matches()
                || !Ids.valid(parts[2])
                || !Ids.valid(parts[3])
                || !parts[4].matches("[0-9a-z]{1,9}")) {
            return Optional.empty();
        }
        return Optional.of(new Gid(parts[1], parts[2], parts[3], Long.parseLong(parts[4], 36)));
    }

    /**
     * The name of one prepared branch.
     *
     * @param branch as the decision's row lists it: the database's id, a nonce, and the rest of the timeout when the
     *     name was made, in ms and base 36
     */
    public record BranchName(Gid gid, String branch) {

        public static String branch(String database, long restMillis) {
            return database + "." + Ids.next() + "." + Long.toString(Math.max(0, restMillis), 36);
        }

        public String text() {
            return gid.text() + ":" + branch;
        }

        public static Optional<BranchName> parse(String text) {
            int end = text.lastIndexOf(':');
            if (end < 0 || !BRANCH.matcher(text.substring(end + 1)).matches()) {
                return Optional.empty();
            }
            return Gid.parse(text.substring(0, end)).map(gid -> new BranchName(gid, text.substring(end + 1)));
        }

        /** The time from the branch's PREPARE to the transaction's deadline, in ms. */
        public long restMillis() {
            return Math.min(Long.parseLong(branch.substring(branch.lastIndexOf('.') + 1), 36), gid.timeoutMillis());
        }

        /** The id of the database in which it is prepared. */
        public String database() {
            return branch.substring(0, branch.indexOf('.'));
        }
    }
}
