package io.floodlock.runtime.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExpectedCallsTest {

    private final ExpectedCalls<String> calls = new ExpectedCalls<>();

    @Test
    void aCallIsTakenOnce() {
        assertNull(calls.take("place", this, new Object[0]));
        calls.expect("place", null, null, "value");
        assertTrue(calls.isExpected("place"));
        assertEquals("value", calls.take("place", this, new Object[] {1}));
        assertFalse(calls.isExpected("place"));
        assertNull(calls.take("place", this, new Object[] {1}));
    }

    @Test
    void anotherMethodInstanceOrArgumentIsAnotherCall() {
        Object order = new Object();
        calls.expect("place", this, new Object[] {order, 1_000_000L}, "value");
        assertNull(calls.take("cancel", this, new Object[] {order, 1_000_000L}));
        assertNull(calls.take("place", order, new Object[] {order, 1_000_000L}));
        assertNull(calls.take("place", this, new Object[] {new Object(), 1_000_000L}));
        assertNull(calls.take("place", this, new Object[] {order, 2_000_000L}));
        assertNull(calls.take("place", this, new Object[] {order}));
        assertEquals("value", calls.take("place", this, new Object[] {order, 1_000_000L}));
    }

    @Test
    void onlyTheInnermostIsLookedAt() {
        ExpectedCalls.Expected<String> outer = calls.expect("outer", null, null, "1");
        ExpectedCalls.Expected<String> inner = calls.expect("inner", null, null, "2");
        assertNull(calls.take("outer", null, null));
        assertEquals("2", calls.take("inner", null, null));
        assertEquals("1", calls.take("outer", null, null));
        inner.end();
        outer.end();
        assertFalse(calls.isExpected("outer"));
    }

    @Test
    void whatIsNotTakenEnds() {
        ExpectedCalls.Expected<String> outer = calls.expect("outer", null, null, "1");
        calls.expect("inner", null, null, "2").end();
        assertTrue(calls.isExpected("outer"));
        outer.end();
        assertNull(calls.take("outer", null, null));
    }

    @Test
    void otherThreadsExpectNothing() {
        calls.expect("place", null, null, "value");
        assertFalse(
                CompletableFuture.supplyAsync(() -> calls.isExpected("place")).join());
    }
}
