package io.floodlock.testkit;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Reads the messages of one connection in the words of its protocol, so that a rule can name them. One thread reads what the
 * client sends, another what the server sends; they share nothing but what an implementation makes safe.
 *
 * <p>Exchanges tell which reply belongs to which statement where several are under way: both sides count them for
 * themselves, as every protocol here answers in order.
 */
interface WireProtocol {

    /** What is said before messages have their usual form; passes it on. */
    default void open(InputStream client, OutputStream toClient, InputStream server, OutputStream toServer)
            throws IOException {}

    /** The client's next message, whole. */
    Request request(DataInputStream client) throws IOException;

    /** The server's next message, whole. */
    Reply reply(DataInputStream server) throws IOException;

    /**
     * @param statement what it asks for; null where it asks for nothing by itself
     * @param exchange which replies are its
     */
    record Request(byte[] bytes, String statement, long exchange) {}

    /**
     * @param text what it says; null where that is nothing a rule would name
     * @param exchange what it replies to; -1 for what nobody asked for
     * @param last whether the server has done with that exchange
     */
    record Reply(byte[] bytes, String text, long exchange, boolean last) {}
}
