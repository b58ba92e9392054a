package io.floodlock.runtime.tx.dialect;

/**
 * The facts that a database states about itself, from one answer. Take facts that belong together from one instance.
 * Immutable.
 *
 * @param id the id in its decision table, or derived from the server's own identity; null if neither is known
 * @param table the decision table, quoted for use in statements; null if there is none
 * @param decision the statement that inserts a decision into exactly that table, and fails in one that took its place
 * @param whyNoHost the reason why it can't host decisions, with the remedy; null if it can
 * @param maxPrepared the server's max_prepared_transactions, which is set at its start
 * @param system the server's identity and the database's number in it; null where the role may not ask
 * @param recoverer the role of the connection that asked
 */
public record DatabaseFacts(
        String id,
        String table,
        String decision,
        String whyNoHost,
        int maxPrepared,
        String system,
        RecoveryRole recoverer) {

    public DatabaseFacts identified(String otherwise) {
        return id != null
                ? this
                : new DatabaseFacts(otherwise, table, decision, whyNoHost, maxPrepared, system, recoverer);
    }

    public DatabaseFacts unable(String why) {
        return new DatabaseFacts(id, table, decision, why, maxPrepared, system, recoverer);
    }
}
