package io.floodlock.faults.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.LockLostException;
import io.floodlock.faults.ClassPath;
import io.floodlock.faults.OnEachJdk;
import io.floodlock.faults.Program;
import io.floodlock.faults.app.Flows;
import io.floodlock.faults.app.Locks;
import io.floodlock.faults.app.Reactive;
import io.floodlock.faults.app.Rx;
import io.floodlock.faults.app.Shapes;
import io.reactivex.rxjava3.core.Flowable;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Locks of methods that return a publisher are held from a subscription's beginning to its end. */
@OnEachJdk
class ReactiveScopeIT extends ScopeScenarios {

    @ParameterizedTest
    @ValueSource(classes = {Reactive.class, Rx.class, Flows.class})
    void onlyOneIsInTheRoomAmongTwoJvms(Class<?> library, @TempDir Path folder) {
        onlyOneIsInTheRoom(library, "visited", folder, "150");
    }

    /** The control: without the agent they meet. */
    @ParameterizedTest
    @ValueSource(classes = {Reactive.class, Rx.class, Flows.class, Shapes.class})
    void unprotectedTheyMeet(Class<?> library, @TempDir Path folder) {
        try (Program one = app(library).withoutAgent().start()) {
            assertTrue(one.call("visit", folder.toString(), "150").value().startsWith("visited"));
            assertTrue(one.said("overlap"));
        }
    }

    @Test
    void everyShapeOfMethodAndEveryKindOfResultExcludeEachOther(@TempDir Path folder) {
        onlyOneIsInTheRoom(Shapes.class, "visited by 17 shapes", folder, "5");
    }

    @ParameterizedTest
    @ValueSource(classes = {Reactive.class, Rx.class})
    void scopesInsideReenterOnWhateverThreadTheyRun(Class<?> library) {
        try (Program app = app(library).start()) {
            assertEquals("inner inner inner ", app.call("nested", "a").value());
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Reactive.class, Rx.class})
    void theBodyRunsForEachSubscription(Class<?> library) {
        try (Program app = app(library).start()) {
            assertEquals("0 [1, 2, 3]", app.call("repeated", "a").value());
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Reactive.class, Rx.class})
    void aCancelledSubscriptionFreesThem(Class<?> library) {
        aCancelledCallFreesIt(library, "cancelled");
    }

    @ParameterizedTest
    @ValueSource(classes = {Reactive.class, Rx.class})
    void cancelledWhileItWaitsItNeverRuns(Class<?> library) {
        cancelledWhileItWaitsItNeverRuns(library, "cancelled");
    }

    @Test
    void waitingBlocksNoEventLoop() {
        try (Program app = app(Reactive.class).start();
                Program other = app(Locks.class).start()) {
            other.begin("hold", "a", "go on");
            other.awaitSaid("holding a");
            app.begin("cancelled", "a", "cancel");
            app.awaitSaid("asked a");
            assertEquals("pong", app.call("ping").value());
            assertFalse(app.said("holding a"));
            other.go("go on");
            app.awaitSaid("holding a");
        }
    }

    @Test
    void theSubscribersContextReachesTheBody() {
        try (Program app = app(Reactive.class).start()) {
            assertEquals("ann", app.call("context", "a").value());
        }
    }

    @Test
    void errorsAndEmptyResultsEndTheScopeToo() {
        try (Program reactor = app(Reactive.class).start();
                Program rx = app(Rx.class).start()) {
            assertEquals("failed, then inner ", reactor.call("failing", "a").value());
            assertEquals("true failed", rx.call("empty", "a").value());
        }
    }

    @Test
    void whatNeverEndsIsLostAfterMaxHold() {
        try (Program app = app(Reactive.class).start()) {
            app.call("forgotten", "a").threw(LockLostException.class, "maxHold");
            app.awaitLog("maxHold", "item:a", "Reactive.forget");
            assertEquals("inner inner inner ", app.call("nested", "a").value());
        }
    }

    @Override
    Program.Builder app(Class<?> verbs) {
        return program(verbs)
                .with(ClassPath.of(Flux.class), ClassPath.of(Flowable.class), ClassPath.of(Publisher.class));
    }
}
