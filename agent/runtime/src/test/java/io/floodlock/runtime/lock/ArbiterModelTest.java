package io.floodlock.runtime.lock;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.junit.jupiter.api.Test;

/** Lincheck runs the arbiter in many orders; and finds what is wrong with arbiters that are wrong. */
class ArbiterModelTest {

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
        Arbiter arbiter(Arbiter.Outside outside, Clock clock) {
            return new Arbiter(outside, clock) {
                @Override
                Object shut() {
                    Object seen = atGate();
                    super.shut();
                    return seen;
                }
            };
        }
    }

    @Test
    void aTornGateIsFound() {
        assertFound(ShutInTwoSteps.class);
    }

    private static void assertFound(Class<?> model) {
        Error found = assertThrows(
                AssertionError.class,
                () -> options(200).minimizeFailedScenario(false).check(model));
        assertTrue(
                List.of("two are inside", "nobody of those who wait knows", "Invalid execution results").stream()
                        .anyMatch(reason -> found.getMessage().contains(reason)),
                found::getMessage);
    }
}
