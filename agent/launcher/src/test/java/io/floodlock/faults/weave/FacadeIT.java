package io.floodlock.faults.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.SharedRedis;
import io.floodlock.faults.app.Facade;
import org.junit.jupiter.api.Test;

/** What {@code io.floodlock.Floodlock} answers with the agent and without. */
@OnEachJdk
class FacadeIT extends SharedRedis {

    @Test
    void withTheAgentItTellsOfTheCallItIsIn() {
        try (Program app = program(Facade.class).start()) {
            assertEquals("true", app.call("isActive").value());
            assertEquals("passed", app.call("requireAgent").value());
            app.call("tokenOutside").threw(IllegalStateException.class, "@PessimisticLock");
            assertEquals("null", app.call("transactionOutside").value());

            long first = Long.parseLong(app.call("token", "a").value());
            long second = Long.parseLong(app.call("tokenByKey", "a").value());
            assertTrue(0 < first && first < second, () -> first + " is followed by " + second);
            app.call("tokenOfAnotherKey", "a").threw(IllegalStateException.class, "facade:another");
            app.call("tokenOfSeveral").threw(IllegalStateException.class);

            String transaction = app.call("transaction").value();
            assertNotEquals("null", transaction);
            assertNotEquals(transaction, app.call("transaction").value());
        }
    }

    @Test
    void testsOfQueuesNeedNotPoll() {
        try (Program app = program(Facade.class).start()) {
            assertEquals("ran true", app.call("direct", "a").value());
            assertEquals("ran 20", app.call("idle", "b").value());
            app.call("busy", "c", "gate")
                    .threw(IllegalStateException.class, "facade-notes still has 1 unfinished calls after 200 ms");
            app.go("gate");
            assertEquals("ran 20", app.call("idle", "d").value());
        }
    }

    @Test
    void aPausedQueueStartsNothingInAnyJvm() {
        try (Program app = program(Facade.class).start()) {
            assertEquals("ran 20", app.call("idle", "a").value());
            try (Program other = program(Facade.class).start()) {
                assertEquals("true", other.call("pause").value());
                assertEquals("false", other.call("pause").value());
            }
            app.awaitLog("Queue facade-notes is paused");
            app.call("busy", "b", "none").threw(IllegalStateException.class, "1 unfinished calls");
        }
        try (Program app = program(Facade.class).start()) {
            app.call("busy", "c", "none").threw(IllegalStateException.class, "2 unfinished calls");
            app.awaitLog("Queue facade-notes is paused");
            assertEquals("true", app.call("resume").value());
            assertEquals("ran 20", app.call("idle", "d").value());
        }
    }

    @Test
    void aPausedKeyStartsNothingInAnyJvm() {
        try (Program app = program(Facade.class).start()) {
            assertEquals("ran 20", app.call("idle", "a").value());
            try (Program other = program(Facade.class).start()) {
                assertEquals("true", other.call("pauseKey", "note:b").value());
                assertEquals("false", other.call("pauseKey", "note:b").value());
            }
            app.awaitLog("Key 'note:b' of queue facade-notes is paused");
            assertEquals("ran false", app.call("keyed", "b", "c").value());
            assertEquals("true", app.call("resumeKey", "note:b").value());
            assertEquals("false", app.call("resumeKey", "note:b").value());
            assertEquals("ran true", app.call("settled", "b").value());
        }
    }

    @Test
    void aQueueGetsAnotherNumberOfLanes() {
        try (Program app = program(Facade.class).start()) {
            assertEquals("ran 20", app.call("idle", "a").value());
            assertEquals("16", app.call("lanes", "32").value());
            assertEquals("ran 20", app.call("idle", "b").value());
            app.awaitLog("Queue facade-notes has 32 lanes now, 16 before");
            assertEquals("32", app.call("lanes", "16").value());
            app.call("lanes", "0").threw(IllegalArgumentException.class, "1 to 1024 lanes, not 0");
        }
    }

    @Test
    void withoutTheAgentItSaysSo() {
        try (Program app = Program.of(Facade.class).jdk(jdk).withoutAgent().start()) {
            assertEquals("false", app.call("isActive").value());
            app.call("requireAgent").threw(IllegalStateException.class, "-javaagent:", "protect nothing");
            app.call("token", "a").threw(IllegalStateException.class, "agent is not active");
            app.call("tokenByKey", "a").threw(IllegalStateException.class, "agent is not active");
            assertEquals("null", app.call("transaction").value());
            assertEquals("ran true", app.call("direct", "a").value());
            assertEquals("ran 20", app.call("idle", "b").value());
        }
    }
}
