package io.floodlock.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Parses the messages of one connection, so that rules can recognize them by text. One thread reads the messages of
 * the client, another those of the server; an implementation makes the state that they share thread-safe.
 *
 * <p>An exchange number relates a reply to its statement if several are in flight. Both directions count exchanges
 * independently, because every protocol here answers in order.
 */
interface WireProtocol {

    /** Reads and forwards the messages before the regular ones. */
    default void open(InputStream client, OutputStream toClient, InputStream server, OutputStream toServer)
            throws IOException {}

    /** Reads the client's next message as a whole. */
    Request request(DataInputStream client) throws IOException;

    /** Reads the server's next message as a whole. */
    Reply reply(DataInputStream server) throws IOException;

    /**
     * A message of the client.
     *
     * @param statement the text of the request; null if the message is no request by itself
     * @param exchange the number that its replies have too; -1 if it gets no reply
     */
    record Request(byte[] bytes, String statement, long exchange) {}

    /**
     * A message of the server.
     *
     * @param text the text that rules are matched against; null if no rule can match it
     * @param exchange the number of the request that it answers; -1 for a message without a request
     * @param last whether it ends the exchange
     */
    record Reply(byte[] bytes, String text, long exchange, boolean last) {}
}
