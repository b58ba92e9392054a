package io.floodlock.runtime.tx.dialect;

/**
 * One answer of a database about itself; what belongs together is taken from one answer.
 *
 * @param id in its table of decisions, or derived from the server's own identity; null if neither is known
 * @param table of decisions, quoted for use in statements; null if there is none
 * @param decision the statement that inserts a decision into that very table, and fails in one that took its place
 * @param whyNoHost what keeps it from hosting decisions, with the remedy; null if nothing does
 * @param maxPrepared at its start
 * @param system the server's identity and the database's number in it; null where the role may not ask
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
