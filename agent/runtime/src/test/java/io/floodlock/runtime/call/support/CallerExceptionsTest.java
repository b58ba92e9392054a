package io.floodlock.runtime.call.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.floodlock.FloodlockUnavailableException;
import io.floodlock.LockLostException;
import io.floodlock.TransactionRolledBackException;
import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What a failure becomes where the caller can see it. */
class CallerExceptionsTest {

    private final CallerExceptions exceptions = CallerExceptions.of(CallerExceptionsTest.class);

    @Test
    void aFailureThatCameOfOthersShowsNoneOfTheAgentsOwnClasses() {
        var network = new IOException("reset");
        FloodlockFailure unavailable = Failure.UNAVAILABLE.because("no answer", network);
        FloodlockFailure failure = Failure.LOCK_LOST.because("lost", unavailable);
        failure.addSuppressed(Failure.TRANSACTION_ROLLED_BACK.because("rolled back"));
        var foreign = new IllegalStateException("foreign");
        failure.addSuppressed(foreign);

        RuntimeException shown = exceptions.translate(failure);

        assertInstanceOf(LockLostException.class, shown);
        assertEquals("lost", shown.getMessage());
        assertInstanceOf(FloodlockUnavailableException.class, shown.getCause());
        assertSame(network, shown.getCause().getCause());
        assertInstanceOf(TransactionRolledBackException.class, shown.getSuppressed()[0]);
        assertSame(foreign, shown.getSuppressed()[1]);
    }
}
