package io.floodlock.processor;

import java.util.Set;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;

/** Runs all checks on one method that carries {@code @Queued} or {@code @DistributedTx}. */
final class QueuedMethodCheck {

    private static final Set<String> PROPAGATIONS = Set.of("REQUIRED", "REQUIRES_NEW");

    private final TypeModel model;
    private final Problems problems;

    QueuedMethodCheck(TypeModel model, Problems problems) {
        this.model = model;
        this.problems = problems;
    }

    void check(QueuedElement method) {
        ExecutableElement element = method.element();
        FloodlockRule rule = method.rule();
        problems.collect(element, rule, "", () -> checkShape(method));
        problems.collect(element, rule, "", () -> ResultTypes.checkQueued(element, model));
        for (VariableElement parameter : element.getParameters()) {
            problems.collect(element, rule, "", () -> checkParameter(parameter));
        }
        problems.collect(element, rule, "", () -> checkResult(element));
        AttributeCheck.check(method, problems);
        for (String attribute : new String[] {"key", "dedup"}) {
            String key = rule.text(attribute, "");
            if (!key.isEmpty()) {
                problems.collect(
                        element, rule, attribute, () -> KeyExpression.parse(key).check(method, model));
            }
        }
        if (!rule.text("batch", "").isEmpty()) {
            problems.collect(element, rule, "batch", () -> new BatchCheck(method, model).check());
            checkNoLocks(element);
        }
        checkOtherRules(element);
    }

    /** Checks a method with a transaction and without a queue. */
    void checkTransactional(ExecutableElement method, FloodlockRule transaction) {
        problems.collect(method, transaction, "", () -> ResultTypes.checkTransactional(method, model));
    }

    private static void checkShape(QueuedElement method) {
        Set<Modifier> modifiers = method.element().getModifiers();
        if (modifiers.contains(Modifier.NATIVE)) {
            throw new IllegalArgumentException(
                    "stands on a native method, which has no body to weave; annotate a method that calls it");
        }
        if (method.isOfInterface() && !method.isStatic()) {
            throw new IllegalArgumentException("stands on a method of an interface, and no object has the interface"
                    + " itself as its class; annotate the methods that implement it");
        }
        if (modifiers.contains(Modifier.ABSTRACT)) {
            throw new IllegalArgumentException(
                    "stands on an abstract method, which has no body to weave; annotate the methods that implement it");
        }
    }

    private void checkParameter(VariableElement parameter) {
        try {
            new PayloadCheck(model).check(parameter.asType(), "parameter " + parameter.getSimpleName());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("can't store its calls: " + e.getMessage(), e);
        }
    }

    private void checkResult(ExecutableElement method) {
        TypeMirror result = ResultTypes.stored(method, model);
        try {
            if (result != null) {
                new PayloadCheck(model).check(result, "its result");
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("can't store its results: " + e.getMessage(), e);
        }
    }

    private void checkNoLocks(ExecutableElement method) {
        for (String lock : new String[] {FloodlockRule.PESSIMISTIC_LOCK, FloodlockRule.SHARED_LOCK}) {
            for (FloodlockRule rule : FloodlockRule.of(method, lock)) {
                String message = rule.title() + " stands on a method whose stored calls run in a batch method, which"
                        + " would not take its lock; put the lock on the batch method";
                problems.error(method, rule, message);
            }
        }
    }

    private void checkOtherRules(ExecutableElement method) {
        for (FloodlockRule transaction : FloodlockRule.of(method, FloodlockRule.DISTRIBUTED_TX)) {
            String propagation = transaction.text("propagation", "REQUIRED");
            if (!PROPAGATIONS.contains(propagation)) {
                String message = transaction.title() + " propagation is " + propagation
                        + ", but a stored call runs outside any transaction of its caller: a queued method can have"
                        + " REQUIRED or REQUIRES_NEW";
                problems.error(method, transaction, "propagation", message);
            }
        }
        for (String lock : new String[] {FloodlockRule.PESSIMISTIC_LOCK, FloodlockRule.SHARED_LOCK}) {
            for (FloodlockRule rule : FloodlockRule.of(method, lock)) {
                if (rule.text("onBusy", "THROW").equals("SKIP")) {
                    String message =
                            rule.title() + " onBusy is \"SKIP\"; a queued call was accepted and must run, so it"
                                    + " can't be skipped: leave onBusy out, and it waits or is attempted again";
                    problems.error(method, rule, "onBusy", message);
                }
            }
        }
    }
}
