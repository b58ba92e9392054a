package io.floodlock.weaver.explain;

import io.floodlock.runtime.call.spec.Rule;
import java.util.List;

/**
 * What the weaver has decided of one method, or of a class as a whole.
 *
 * @param type the class's binary name
 * @param method its name; empty where the decision is about the class
 * @param descriptor the method's descriptor, {@code (Lcom/shop/Order;)V}; empty without a method
 * @param rules what is in force; empty where only a hook of the agent's own is woven, or nothing
 * @param overridden annotations on the method that a line of the rules file stands in for
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

    /** What becomes of the method or the class. */
    public enum Outcome {
        WOVEN("woven"),
        /** Asks for protection by annotation or rule, but is none of what is protected, as a copy that calls the original. */
        PASSED_OVER("passed over"),
        /** The class does not load. */
        REFUSED("refused"),
        /** The class loads all the same, because {@code floodlock.on-failure=warn} says so. */
        UNPROTECTED("UNPROTECTED");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        /** As people read it. */
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
