package io.floodlock.runtime.lock.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.lock.local.LocalGrant;
import io.floodlock.runtime.lock.local.TokenBlock;
import io.floodlock.runtime.redis.command.Script;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Values that both the scripts and this JVM rely on are the same on both sides. */
class ScriptConstantsTest {

    @Test
    void aGrantCarriesAsManyTokensAsTheEngineUses() {
        assertEquals(TokenBlock.GRANTED, constant(LockScripts.ACQUIRE, "GRANTED"));
    }

    @Test
    void aReleaseIsAcknowledgedWithinTheTimeThatItsBusyNoticeStands() {
        assertEquals(LocalGrant.RETURN_MILLIS, constant(LockScripts.BUSY, "BUSY"));
    }

    @Test
    void aWaiterExpectsTheNextRevocationRequestWhenTheScriptSendsIt() {
        assertEquals(RedisQueuePlace.NOTIFIED_MILLIS, constant(LockScripts.ACQUIRE, "NOTIFIED"));
    }

    private static long constant(Script script, String name) {
        Matcher found = Pattern.compile("(?m)^local " + name + " = (\\d+)$").matcher(script.text());
        assertTrue(found.find(), name + " in " + script.name());
        long value = Long.parseLong(found.group(1));
        assertFalse(found.find(), name + " once in " + script.name());
        return value;
    }
}
