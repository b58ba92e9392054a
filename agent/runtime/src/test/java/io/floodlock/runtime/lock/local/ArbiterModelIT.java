package io.floodlock.runtime.lock.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.floodlock.runtime.time.Clock;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/** Lincheck runs the arbiter in many orders; and finds what is wrong with arbiters that are wrong. */
class ArbiterModelIT {

    private static ModelCheckingOptions options(int scenarios) {
        return new ModelCheckingOptions()
                .iterations(scenarios)
                .invocationsPerIteration(100)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(3);
    }

    @Test
    void whateverTheOrderNobodyIsInsideWithWhomItExcludesAndNobodyIsForgotten() {
        options(15).check(ArbiterModel.class);
    }

    /** It looks what is at the gate and shuts it in two steps: who enters or leaves in between is forgotten. */
    public static class ShutInTwoSteps extends ArbiterModel {
        @Override
        FastPath gate(Clock clock) {
            return new FastPath(clock) {
                @Override
                Object take() {
                    Object seen = seen();
                    super.take();
                    return seen;
                }
            };
        }
    }

    /** It forgets that a head which found somebody inside has gone back to sleep, and so doesn't wake it again. */
    public static class ForgetsThatTheHeadSleeps extends ArbiterModel {
        @Override
        Arbiter arbiter(Arbiter.Outside outside, Clock clock, FastPath gate) {
            return new Arbiter(outside, clock, gate) {
                @Override
                void sleep(Waiter waiter) {
                    boolean woken = waiter.woken;
                    super.sleep(waiter);
                    waiter.woken = woken;
                }
            };
        }
    }

    /** A head that is woken meets one who passes over it, gives up, is overtaken by readers, or loses its JVM's turn. */
    private static final List<Scenario> WAKE_UPS = List.of(
            new Scenario("lock 0, lock 1, leave 0", "compete 1", "lock 2, leave 2", "compete 1, leave 1"),
            new Scenario("lock 0", "lock 1, compete 1", "leave 0", "compete 1, leave 1"),
            new Scenario("lock 0, lock 1, lock 3, leave 0", "abandon 1", "lock 2, leave 2", "compete 3, leave 3"),
            new Scenario("lock 0, lock 1, share 3", "leave 0, compete 1", "abandon 1", "compete 3, leave 3"),
            new Scenario("lock 0, lock 1, leave 0", "compete 1, leave 1", "lock 2, want, leave 2", "grant, compete 1"),
            new Scenario("lock 0, lock 1, leave 0", "compete 1", "lock 2, timePasses, leave 2", "compete 1, leave 1"));

    @Test
    void noWakeUpIsLostWhereItWouldBeEasiest() {
        only(WAKE_UPS, ArbiterModel.class).minimizeFailedScenario(false).check(ArbiterModel.class);
    }

    /** The first of them in the one order that shows it. */
    @Test
    void aForgottenWakeUpIsFound() {
        ArbiterModel right = new ArbiterModel();
        passOverTheHeadWhileItWakes(right);
        right.check();

        ArbiterModel wrong = new ForgetsThatTheHeadSleeps();
        passOverTheHeadWhileItWakes(wrong);
        Exception found = assertThrows(IllegalStateException.class, wrong::check);
        assertEquals("the key is free, and nobody of those who wait knows", found.getMessage());
    }

    private static void passOverTheHeadWhileItWakes(ArbiterModel model) {
        assertEquals("in", model.lock(0));
        assertEquals("waits", model.lock(1));
        model.leave(0);
        assertEquals("in", model.lock(2));
        assertEquals("waits", model.compete(1));
        model.leave(2);
    }

    @Test
    void aForgottenWakeUpIsFoundByLincheckToo() {
        assertFound(only(WAKE_UPS.subList(0, 1), ForgetsThatTheHeadSleeps.class), ForgetsThatTheHeadSleeps.class);
    }

    private static ModelCheckingOptions only(List<Scenario> scenarios, Class<?> model) {
        ModelCheckingOptions options = new ModelCheckingOptions().iterations(0).invocationsPerIteration(100);
        for (Scenario scenario : scenarios) {
            options.addCustomScenario(scenario.of(model));
        }
        return options;
    }

    /** Operations with their party, in the order of each thread: before all, two at once, after both. */
    private record Scenario(String before, String one, String other, String after) {

        ExecutionScenario of(Class<?> model) {
            return new ExecutionScenario(
                    actors(model, before),
                    List.of(actors(model, one), actors(model, other)),
                    actors(model, after),
                    actors(model, "check").get(0));
        }

        private static List<Actor> actors(Class<?> model, String operations) {
            return Arrays.stream(operations.split(", "))
                    .map(operation -> actor(model, operation.split(" ")))
                    .toList();
        }

        private static Actor actor(Class<?> model, String[] operation) {
            Method method = Arrays.stream(model.getMethods())
                    .filter(candidate -> candidate.getName().equals(operation[0]))
                    .findFirst()
                    .orElseThrow();
            return new Actor(method, operation.length == 1 ? List.of() : List.of(Integer.parseInt(operation[1])));
        }
    }

    @Test
    void aTornGateIsFound() {
        assertFound(options(200), ShutInTwoSteps.class);
    }

    private static void assertFound(ModelCheckingOptions options, Class<?> model) {
        Error found = assertThrows(
                AssertionError.class,
                () -> options.minimizeFailedScenario(false).check(model));
        assertTrue(
                List.of("two are inside", "nobody of those who wait knows", "Invalid execution results").stream()
                        .anyMatch(reason -> found.getMessage().contains(reason)),
                found::getMessage);
    }
}
