package io.floodlock.runtime.call.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.floodlock.DistributedTx;
import io.floodlock.PessimisticLock;
import io.floodlock.Queued;
import io.floodlock.SharedLock;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The annotations and the runtime never see each other: what both say of attributes and defaults must agree. */
class AnnotationDefaultsTest {

    @Test
    void everyAttributeIsKnownAndLeftOutMeansTheSameAsItsDefault() {
        assertEquals(
                CallPlan.of(spec(Kind.QUEUED, Map.of())).queue(),
                CallPlan.of(spec(Kind.QUEUED, defaults(Queued.class))).queue());
        assertEquals(
                CallPlan.of(spec(Kind.DISTRIBUTED_TX, Map.of())).transaction(),
                CallPlan.of(spec(Kind.DISTRIBUTED_TX, defaults(DistributedTx.class)))
                        .transaction());
        assertEquals(
                limits(Kind.PESSIMISTIC_LOCK, Map.of()),
                limits(Kind.PESSIMISTIC_LOCK, defaults(PessimisticLock.class)));
        assertEquals(limits(Kind.SHARED_LOCK, Map.of()), limits(Kind.SHARED_LOCK, defaults(SharedLock.class)));
    }

    private static Object limits(Kind kind, Map<String, List<String>> attributes) {
        Map<String, List<String>> all = new TreeMap<>(attributes);
        all.put("key", List.of("k"));
        LockPlan plan = CallPlan.of(spec(kind, all)).locks();
        return Arrays.asList(plan.waitTime(), plan.maxHold(), plan.minHold(), plan.fenced(), plan.skips());
    }

    private static Map<String, List<String>> defaults(Class<? extends Annotation> annotation) {
        Map<String, List<String>> texts = new TreeMap<>();
        for (Method attribute : annotation.getDeclaredMethods()) {
            if (attribute.getDefaultValue() != null) {
                texts.put(attribute.getName(), texts(attribute.getDefaultValue()));
            }
        }
        return texts;
    }

    private static List<String> texts(Object value) {
        if (value instanceof Class<?>[] classes) {
            return Stream.of(classes).map(Class::getName).toList();
        }
        if (value instanceof String[] several) {
            return Arrays.asList(several);
        }
        return List.of(value instanceof Enum<?> constant ? constant.name() : value.toString());
    }

    private static CallSpec spec(Kind kind, Map<String, List<String>> attributes) {
        return new CallSpec("a.B", "c", "()V", false, List.of(), List.of(Rule.annotation(kind, attributes)));
    }
}
