package io.floodlock.runtime.queue.payload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.failure.Failure;
import io.floodlock.runtime.failure.FloodlockFailure;
import io.floodlock.runtime.queue.record.CallOutcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.util.InputMismatchException;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** The class and message with which an exception of a body reaches the caller. */
class ExceptionCodecTest {

    interface Methods {
        void nothing();

        void io() throws IOException;

        void anything() throws Exception;

        void throwable() throws Throwable;

        void own() throws BaseException, Exception;

        void unmakeable() throws UnmakeableException;
    }

    static class BaseException extends Exception {
        private static final long serialVersionUID = 1L;

        BaseException(String message) {
            super(message);
        }
    }

    static final class NarrowException extends BaseException {
        private static final long serialVersionUID = 1L;

        NarrowException(String message) {
            super(message);
        }
    }

    static final class UncheckedException extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        UncheckedException(String message) {
            super(message);
        }
    }

    static final class UnmakeableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnmakeableException(int number) {
            super("number " + number);
        }
    }

    static final class SilentException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("the session is closed");
        }
    }

    @Test
    void uncheckedExceptionsOfTheJdkTravelWhateverIsDeclared() throws Exception {
        assertTravels("nothing", new IllegalStateException("bad"), IllegalStateException.class, "bad");
        assertTravels("anything", new IllegalStateException("bad"), IllegalStateException.class, "bad");
        assertTravels("throwable", new NumberFormatException(null), NumberFormatException.class, null);
        assertTravels("nothing", new AssertionError("not so"), AssertionError.class, "not so");
        assertTravels(
                "nothing", new UncheckedIOException("pipe", new IOException()), UncheckedIOException.class, "pipe");
    }

    /** Each of these became a plain Exception. */
    @Test
    void aWideDeclarationKeepsTheClosestClass() throws Exception {
        assertTravels("anything", new SQLException("no table"), SQLException.class, "no table");
        assertTravels("anything", new FileNotFoundException("f"), FileNotFoundException.class, "f");
        assertTravels("io", new FileNotFoundException("f"), FileNotFoundException.class, "f");
        assertTravels("throwable", new ExecutionException("e", null), ExecutionException.class, "e");
        assertTravels(
                "anything",
                new InputMismatchException("abc"),
                NoSuchElementException.class,
                "java.util.InputMismatchException: abc");
        assertTravels(
                "anything",
                new UncheckedException("mine"),
                IllegalStateException.class,
                UncheckedException.class.getName() + ": mine");
        assertTravels(
                "own", new NarrowException("mine"), BaseException.class, NarrowException.class.getName() + ": mine");
        assertTravels("own", new SQLException("no table"), SQLException.class, "no table");
        assertTravels("anything", new Exception("plain"), Exception.class, "plain");
        assertTravels("throwable", new BaseException("b"), Exception.class, BaseException.class.getName() + ": b");
        assertTravels("throwable", new StackOverflowError(), Error.class, "java.lang.StackOverflowError: null");
    }

    @Test
    void exceptionsThatNothingCoversTravelAsData() throws Exception {
        assertRemote("nothing", new UncheckedException("mine"), UncheckedException.class.getName() + ": mine");
        assertRemote("io", new SQLException("no table"), "java.sql.SQLException: no table");
        assertRemote("nothing", new FileNotFoundException("f"), "java.io.FileNotFoundException: f");
    }

    @Test
    void aDeclaredClassThatCannotBeMadeTravelsAsData() throws Exception {
        assertRemote("unmakeable", new UnmakeableException(3), UnmakeableException.class.getName() + ": number 3");
    }

    /** The consumer may run another version of the method, with other declared classes. */
    @Test
    void theCallerReceivesWhatItsOwnMethodCovers() throws Exception {
        CallOutcome sent = codec("anything").outcome(new SQLException("no table"));
        assertEquals(Failure.REMOTE_BODY, ((FloodlockFailure) codec("io").rebuild(sent)).kind());
    }

    @Test
    void aMessageThatCannotBeReadLosesNoOutcome() throws Exception {
        CallOutcome outcome = codec("anything").outcome(new SilentException());
        assertTrue(outcome.message().contains("can't be read: java.lang.IllegalStateException"), outcome.message());
        assertTrue(ExceptionText.of(new SilentException()).startsWith(SilentException.class.getName()));
        assertNull(ExceptionText.message(new IllegalStateException()));
    }

    private static void assertTravels(String method, Throwable thrown, Class<?> type, String message)
            throws ReflectiveOperationException {
        Throwable received = roundTrip(method, thrown);
        assertEquals(type, received.getClass());
        assertEquals(message, received.getMessage());
    }

    private static void assertRemote(String method, Throwable thrown, String text) throws ReflectiveOperationException {
        Throwable received = roundTrip(method, thrown);
        assertEquals(Failure.REMOTE_BODY, ((FloodlockFailure) received).kind());
        assertTrue(received.getMessage().contains(text), received.getMessage());
    }

    private static Throwable roundTrip(String method, Throwable thrown) throws ReflectiveOperationException {
        return codec(method)
                .rebuild(CallOutcome.fromBytes(codec(method).outcome(thrown).toBytes()));
    }

    private static ExceptionCodec codec(String name) throws ReflectiveOperationException {
        Method method = Methods.class.getDeclaredMethod(name);
        return new ExceptionCodec(method, MethodHandles.lookup());
    }
}
