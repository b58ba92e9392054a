package io.floodlock.runtime.tx.name;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A transaction's global id, which finds its decision: {@code fl1:namespace:table:id:timeout}. A prepared branch is
 * named {@code gid:database.nonce.rest}. Both fit PostgreSQL's 200 bytes and name all that recovery needs, so that it
 * needs no other memory.
 *
 * @param namespace of the application; others' transactions are never touched
 * @param table the id of the database whose table holds the decision
 * @param id as {@link Ids#next()} makes it
 * @param timeoutMillis of the transaction
 */
public record Gid(String namespace, String table, String id, long timeoutMillis) {

    private static final String FORMAT = "fl1";
    private static final Pattern NAMESPACE = Pattern.compile("[A-Za-z0-9_.-]{1,12}");
    private static final Pattern BRANCH = Pattern.compile("[\\w-]{22}\\.[\\w-]{22}\\.[0-9a-z]{1,9}");

    public static String checkedNamespace(String namespace) {
        if (!NAMESPACE.matcher(namespace).matches()) {
            throw new IllegalArgumentException("floodlock.namespace: '" + namespace
                    + "' can't name transactions; use 1 to 12 of letters, digits, '_', '.' and '-'");
        }
        return namespace;
    }

    /** What all names of one application begin with. */
    public static String prefix(String namespace) {
        return FORMAT + ":" + namespace + ":";
    }

    public String text() {
        return FORMAT + ":" + namespace + ":" + table + ":" + id + ":" + Long.toString(timeoutMillis, 36);
    }

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
     * @param branch as the decision's row lists it: database, nonce, and what was left of the timeout when it was made
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

        /** From its PREPARE to the transaction's deadline. */
        public long restMillis() {
            return Math.min(Long.parseLong(branch.substring(branch.lastIndexOf('.') + 1), 36), gid.timeoutMillis());
        }

        /** The id of the database it is prepared in. */
        String database() {
            return branch.substring(0, branch.indexOf('.'));
        }
    }
}
