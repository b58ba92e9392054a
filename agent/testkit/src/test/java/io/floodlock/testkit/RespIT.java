package io.floodlock.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RespIT {

    private static RedisServer server;

    private WireProxy proxy;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        server.cli("FLUSHALL");
        proxy = WireProxy.redis(server.port());
    }

    @AfterEach
    void close() {
        proxy.close();
    }

    @Test
    void passesAllThatNoRuleNames() throws IOException {
        try (RedisClient client = new RedisClient(proxy.port(), null)) {
            assertEquals("OK", client.call("SET", "a", "1"));
            assertEquals("1", client.call("GET", "a"));
            assertEquals("(nil)", client.call("GET", "b"));
            assertEquals("1\n(nil)", client.call("MGET", "a", "b"));
            assertTrue(client.call("NONSENSE").startsWith("(error) ERR unknown command"));
        }
    }

    @Test
    void cutStatementNeverArrivesAndOneWithACutReplyIsDone() throws IOException {
        proxy.at(command -> command.startsWith("INCR a")).cut();
        proxy.at(command -> command.startsWith("INCR b")).cutReply();
        assertThrows(IOException.class, () -> ask("INCR", "a"));
        assertThrows(IOException.class, () -> ask("INCR", "b"));
        assertEquals("(nil)\n1", ask("MGET", "a", "b"));
    }

    @Test
    void recognisesAScriptByItsTextWhenItIsCalledByItsDigest() throws IOException {
        String digest = ask("SCRIPT", "LOAD", "-- counts\nreturn redis.call('INCR', KEYS[1])");
        assertEquals("1", ask("EVALSHA", digest, "1", "a"));
        proxy.at(command -> command.contains("-- counts")).nth(2).cutReply();
        assertEquals("2", ask("EVALSHA", digest, "1", "a"));
        assertThrows(IOException.class, () -> ask("EVALSHA", digest, "1", "a"));
        assertEquals("3", ask("GET", "a"));
    }

    /** What a subscriber is told is no reply to what it asked. */
    @Test
    void pushesAreCountedApartFromReplies() throws IOException {
        proxy.at(command -> command.equals("PING")).cutReply();
        try (RedisClient subscriber = new RedisClient(proxy.port(), null)) {
            assertEquals("subscribe\nchannel\n1", subscriber.call("SUBSCRIBE", "channel"));
            assertEquals("1", server.cli("PUBLISH", "channel", "hello"));
            assertEquals("message\nchannel\nhello", subscriber.call("SUBSCRIBE", "another"));
            assertThrows(IOException.class, () -> {
                subscriber.call("PING");
                subscriber.call("PING");
            });
        }
    }

    @Test
    void repliesMaySaySomethingElse() throws IOException {
        proxy.atReply(text -> text.contains("redis_version:")).always().replace("redis_version:6.", "redis_version:9.");
        assertTrue(ask("INFO", "server").contains("redis_version:9."));
    }

    @Test
    void newConnectionsGoWhereItIsRetargeted() throws IOException {
        try (RedisServer other = RedisServer.start();
                RedisClient before = new RedisClient(proxy.port(), null)) {
            assertEquals("PONG", before.call("PING"));
            proxy.retarget(other.port());
            before.call("SET", "where", "first");
            ask("SET", "where", "second");
            assertEquals("first", server.cli("GET", "where"));
            assertEquals("second", other.cli("GET", "where"));
        }
    }

    private String ask(String... command) throws IOException {
        try (RedisClient client = new RedisClient(proxy.port(), null)) {
            return client.call(command);
        }
    }
}
