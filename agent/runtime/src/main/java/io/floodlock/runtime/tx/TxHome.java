package io.floodlock.runtime.tx;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A database that this JVM uses in transactions, as the home of {@link HomeWork}. {@link TxEngine#home} finds it.
 * Thread-safe.
 */
public interface TxHome {

    /** The id that its table of decisions holds: the same through every URL, and kept with the data. */
    String id();

    /** For messages: host, port and database. */
    String name();

    /** The schema of the agent's tables, quoted, with its dot. */
    String schema();

    /**
     * Opens a new connection outside the application's pool and transactions; the caller closes it. A statement fails
     * that gets no answer within half a minute.
     */
    Connection open() throws SQLException;

    /**
     * Ends the sessions that block that session of the same role.
     *
     * @param backend the number of the blocked session, as its server gives it
     * @return the number of sessions ended
     */
    int endBlockers(int backend) throws SQLException;

    /**
     * Whether each branch of a transaction that has committed here has received the decision.
     *
     * @param gid as {@link HomeWork#begin} received it
     * @return null if it has
     */
    Unsettled unsettled(String gid);

    /**
     * A transaction of which not all branches are known to be committed.
     *
     * @param unknownDatabase whether a branch is in a database that this JVM has not used yet
     * @param why for messages
     */
    record Unsettled(boolean unknownDatabase, String why) {}
}
