package io.floodlock.weaver.explain;

import io.floodlock.runtime.call.spec.Rule;
import java.util.List;

/**
 * The decision of the weaver for one method, or for a class as a whole. Immutable.
 *
 * @param type binary name of the class
 * @param method name of the method; empty if the decision is about the class
 * @param descriptor the method's descriptor, {@code (Lcom/shop/Order;)V}; empty without a method
 * @param rules the rules in force; empty if nothing is woven, or only one of the agent's own hooks
 * @param overridden annotations on the method that a line of the rules file replaces
 * @param note why nothing is woven, or what is woven besides the rules; may be empty
 */
public record WeavingDecision(
        Outcome outcome,
        String type,
        String method,
        String descriptor,
        List<Rule> rules,
        List<Rule> overridden,
        String note) {

    /** The outcome for the method or the class. */
    public enum Outcome {
        WOVEN("woven"),
        /**
         * An annotation or a rule asks for protection, but the method is not one that is woven. For example, it is a
         * copy that calls the original.
         */
        PASSED_OVER("passed over"),
        /** The class does not load. */
        REFUSED("refused"),
        /** The class loads nevertheless, because of {@code floodlock.on-failure=warn}. */
        UNPROTECTED("UNPROTECTED");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** The form used in logs and reports. */
        public String text() {
            return text;
        }
    }

    public WeavingDecision {
        rules = List.copyOf(rules);
        overridden = List.copyOf(overridden);
    }

    /** A decision about the class as a whole. */
    public static WeavingDecision ofClass(Outcome outcome, String type, String note) {
        return new WeavingDecision(outcome, type, "", "", List.of(), List.of(), note);
    }
}
