package io.floodlock.runtime.call.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.floodlock.runtime.lock.LockMode;
import io.floodlock.runtime.lock.LockRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecentRequestsTest {

    private final RecentRequests recent = new RecentRequests(LockMode.SHARED, "order:{}");

    @Test
    void aNameJustAskedForIsFoundAgain() {
        List<LockRequest> first = recent.of("order:1");
        assertEquals(List.of(new LockRequest("order:1", LockMode.SHARED, "order:{}")), first);
        assertSame(first, recent.of(new String("order:1")));
    }

    @Test
    void namesThatShareASlotAreNeverTakenForEachOther() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 1_000; i++) {
                assertEquals("order:" + i, recent.of("order:" + i).get(0).name());
            }
        }
    }
}
