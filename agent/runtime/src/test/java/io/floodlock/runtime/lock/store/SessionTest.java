package io.floodlock.runtime.lock.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SessionTest {

    @Test
    void whatWasComparedBeforeASecondSuspicionDoesNotClearIt() {
        Session session = new Session("a.1", Clock.SYSTEM, Duration.ofMinutes(1), Session.Instant.now(Clock.SYSTEM));
        assertTrue(session.suspect(), "nobody compares yet");
        long before = session.suspicions();
        assertFalse(session.suspect(), "somebody compares");
        assertFalse(session.clear(before));
        assertEquals(Session.Status.DOUBTFUL, session.status());
        assertTrue(session.withinLease(), "what is held may still be relied on");
        assertTrue(session.clear(session.suspicions()));
        assertEquals(Session.Status.LIVE, session.status());
    }
}
