package io.floodlock.faults.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.floodlock.DeadLetterException;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.Jobs;
import io.floodlock.faults.app.Prints;
import io.floodlock.faults.app.PrintsAndScans;
import io.floodlock.testkit.Await;
import io.floodlock.testkit.Jdk;
import io.floodlock.testkit.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Stored calls that a consumer can't run: they neither stop the queue nor get lost in silence. */
@OnEachJdk
class QueueFaultsIT {

    /** Overwrites a text, and the byte before it, which tells its type or length, by bytes that mean nothing. */
    private static final String TAMPER = """
            local marker, tampered = ARGV[1], 0
            for _, key in ipairs(redis.call('KEYS', '*')) do
              if redis.call('TYPE', key).ok == 'stream' then
                for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do
                  local found = false
                  for i, field in ipairs(entry[2]) do
                    local at = string.find(field, marker, 1, true)
                    if at then
                      entry[2][i] = string.sub(field, 1, at - 2) .. string.rep('\\255', #marker + 1)
                          .. string.sub(field, at + #marker)
                      found = true
                    end
                  end
                  if found then
                    redis.call('XADD', key, '*', unpack(entry[2]))
                    redis.call('XDEL', key, entry[1])
                    tampered = tampered + 1
                  end
                end
              end
            end
            return tampered
            """;

    @Parameter
    Jdk jdk;

    private RedisServer redis;

    @BeforeEach
    void startRedis() {
        redis = RedisServer.start();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    @Test
    void undecodablePayloadIsDeadAtOnceWithItsCause() {
        try (Program producer =
                        app(Jobs.class).setting("queue.mode", "produce-only").start();
                Program consumer = app(Jobs.class).start()) {
            Program.Call call = producer.begin("run", "tampered");
            // the call gets another place, so its producer must not look for it before it has run
            Await.until(
                    "the call is stored",
                    Duration.ofSeconds(60),
                    () -> redis.cli("EVAL", TAMPER, "0", "tampered").equals("1"));
            Program.Call later = producer.begin("run", "later");
            consumer.call("load").value();

            call.reply()
                    .threw(
                            DeadLetterException.class,
                            "Jobs.job was moved to the dead letters of queue jobs",
                            "arguments can't be read");
            consumer.awaitLog("Call ", " of job in queue jobs becomes a dead letter", "arguments can't be read");
            assertFalse(consumer.said("ran tampered"), consumer.jvm()::output);
            assertEquals("later done", later.reply().value());
            assertEquals(
                    1,
                    consumer.jvm().lines().stream()
                            .filter(line -> line.startsWith("say\tran"))
                            .count());
        }
    }

    @Test
    void callsThatNoJvmConsumesAreNamedInTheLog() {
        try (Program producer =
                        app(Jobs.class).setting("queue.mode", "produce-only").start();
                Program consumer = app(Jobs.class).start()) {
            Program.Call call = producer.begin("run", "unclaimed");
            producer.awaitLog("Queue jobs is stalled: calls wait in it, and no JVM consumes it");
            consumer.call("load").value();
            assertEquals("unclaimed done", call.reply().value());
            producer.awaitLog("Queue jobs continues after");
        }
    }

    @Test
    void callWhoseMethodIsMissingHereIsParkedUntilAJvmHasIt() {
        try (Program producer = app(PrintsAndScans.class)
                        .setting("queue.mode", "produce-only")
                        .start();
                Program without = app(Prints.class).start()) {
            producer.call("scan", "passport").value();
            Program.Call printed = producer.begin("print", "ticket");
            without.call("load").value();

            assertEquals("printed ticket", printed.reply().value());
            without.awaitLog("Calls of scan in queue office wait", "this JVM has no such method");
            assertFalse(without.said("scanned passport"));

            try (Program with = app(PrintsAndScans.class).start()) {
                with.call("load").value();
                with.awaitSaid("scanned passport");
                assertEquals(1, with.timesSaid("scanned passport"));
            }
        }
    }

    private Program.Builder app(Class<?> verbs) {
        return Program.of(verbs).jdk(jdk).redis(redis.url()).setting("lease", "1s");
    }
}
