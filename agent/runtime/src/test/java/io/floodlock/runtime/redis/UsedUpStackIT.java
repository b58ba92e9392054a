package io.floodlock.runtime.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.config.Settings;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.redis.command.PendingRequests;
import io.floodlock.runtime.redis.command.RequestHealth;
import io.floodlock.runtime.redis.command.Script;
import io.floodlock.runtime.redis.connection.ClientProfile;
import io.floodlock.runtime.redis.connection.LiveConnection;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.RedisServer;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Threads whose stacks end while they ask, and connections that work no more. */
class UsedUpStackIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Script ECHO = Script.of("echo", "return {ARGV[1]}");
    private static final int STACKS = 60;

    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void requestsAreAnsweredAfterStacksHaveEndedAtAnyDepthOfSending() {
        try (RedisGateway client = client()) {
            client.call(ECHO, "k", PATIENCE, "warm");
            LiveConnection connection = client.live();

            for (int stack = 0; stack < STACKS; stack++) {
                assertTrue(overflow(stack, () -> client.run(ECHO, "k", "a")), "no thread hangs");
                // whatever that one has sent is answered first, so that no backlog grows into a timeout
                assertEquals(List.of("a"), client.call(ECHO, "k", PATIENCE, "a"));
            }

            for (int i = 0; i < 10; i++) {
                assertEquals(List.of("b"), client.call(ECHO, "k", PATIENCE, "b"));
            }
            assertTrue(connection == client.live(), "nothing had to be replaced");
        }
    }

    /** The control: sent by the thread that asks, the same loses the connection. */
    @Test
    void sentOnTheAskingThreadTheConnectionIsLost() {
        RequestHealth health = new RequestHealth();
        LiveConnection connection = LiveConnection.open(settings(), ClientProfile.MAIN, health, () -> {});
        try {
            PendingRequests direct = new PendingRequests("control", ImmediateEventExecutor.INSTANCE, health);
            PendingRequests.Sending sending = connection
                    .scripts()
                    .run(org.redisson.client.codec.StringCodec.INSTANCE, ECHO, List.of("k"), new Object[] {"a"});
            direct.send(sending, null).exceptionally(failure -> null).join();
            boolean lost = false;
            for (int stack = 0; stack < 20 * STACKS && !lost; stack++) {
                // a thread that hangs waits for what another has taken in Redisson and never gave back
                lost = !overflow(stack % STACKS, () -> direct.send(sending, null)) || !answers(direct, sending);
            }
            assertTrue(lost, "the control must lose it");
        } finally {
            connection.close();
        }
    }

    private static boolean answers(PendingRequests requests, PendingRequests.Sending sending) {
        try {
            requests.send(sending, null).get(5, TimeUnit.SECONDS);
            return true;
        } catch (Exception e) {
            return e.getCause() instanceof FloodlockFailure failure && RequestHealth.isAnswer(failure.getCause());
        }
    }

    @Test
    void aConnectionThatWorksNoMoreIsReplacedAndItsChannelsAreHeardAgain() throws InterruptedException {
        try (RedisGateway client = client()) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            AtomicInteger subscribed = new AtomicInteger();
            client.subscribe("floodlock:replaced", new ChannelListener() {
                        @Override
                        public void message(String text) {
                            heard.add(text);
                        }

                        @Override
                        public void subscribed() {
                            subscribed.incrementAndGet();
                        }
                    })
                    .join();
            LiveConnection broken = client.live();

            // as where an Error has ended the thread that sends: nothing answers any more
            broken.io().shutdownGracefully(0, 0, TimeUnit.SECONDS);
            Await.until(
                    () -> "the thread has ended", PATIENCE, () -> broken.io().isTerminated());
            assertThrows(FloodlockFailure.class, () -> client.call(ECHO, "k", PATIENCE, "a"));

            Await.until(() -> "another connection", PATIENCE, () -> client.live() != broken);
            assertEquals(List.of("c"), client.call(ECHO, "k", PATIENCE, "c"));
            Await.until(() -> "subscribed again", PATIENCE, () -> subscribed.get() == 2);
            server.cli("PUBLISH", "floodlock:replaced", "again");
            assertEquals("again", heard.poll(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void aRequestThatRedissonHasLostEndsAllTheSame() {
        PendingRequests requests = new PendingRequests("here", ImmediateEventExecutor.INSTANCE, new RequestHealth());
        var lost = requests.send(java.util.concurrent.CompletableFuture::new, null);

        requests.endOverdue(-1);

        var failure = assertThrows(java.util.concurrent.CompletionException.class, lost::join);
        assertTrue(failure.getCause().getMessage().contains("neither an answer nor a failure"), failure::toString);
    }

    @Test
    void closingEndsInTimeThoughTheThreadsAreGone() {
        RedisGateway client = client();
        client.call(ECHO, "k", PATIENCE, "a");
        LiveConnection broken = client.live();
        broken.io().shutdownGracefully(0, 0, TimeUnit.SECONDS);
        Await.until(() -> "the thread has ended", PATIENCE, () -> broken.io().isTerminated());

        Thread closing = new Thread(client::close, "closing");
        closing.start();

        Await.until(() -> "closed", PATIENCE, () -> !closing.isAlive());
    }

    /**
     * Asks on each level of a recursion that ends at another point for each {@code stack}.
     *
     * @return whether it came to an end
     */
    private static boolean overflow(int stack, Runnable asking) {
        Thread thread = new Thread(null, () -> descend(asking), "deep", 200_000 + stack * 776L);
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return !thread.isAlive();
    }

    private static void descend(Runnable asking) {
        try {
            down(asking, 0);
        } catch (StackOverflowError e) {
            // survived
        }
    }

    private static int down(Runnable asking, int depth) {
        // the upper levels have room
        if (depth > 600) {
            asking.run();
        }
        return down(asking, depth + 1) + 1;
    }

    private static Settings settings() {
        return Settings.of(Map.of("redis", server.url()));
    }

    private static RedisGateway client() {
        return new RedisGateway(settings());
    }
}
