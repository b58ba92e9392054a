package io.floodlock.runtime.call.spec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that woven code passes to the runtime about its method. It travels as constant bootstrap arguments of the
 * woven call site, so there is no registry that must be filled, that can leak or that can become inconsistent.
 * Immutable; the weaver creates it, and {@link CallPlan} is its checked form.
 *
 * @param owner the declaring class's binary name
 * @param descriptor the method's descriptor, {@code (Lcom/shop/Order;)V}
 * @param parameterNames the names in the class file; empty if the class was compiled without them
 */
public record CallSpec(
        String owner,
        String method,
        String descriptor,
        boolean isStatic,
        List<String> parameterNames,
        List<Rule> rules) {

    public CallSpec {
        parameterNames = List.copyOf(parameterNames);
        rules = List.copyOf(rules);
    }

    /** The method's name in messages, {@code com.shop.Orders.place}. */
    public String displayName() {
        return owner + "." + method;
    }

    /** The descriptor of the result, {@code V} or {@code Ljava/util/Optional;}. */
    String returned() {
        return descriptor.substring(descriptor.indexOf(')') + 1);
    }

    /** The first rule of that kind; null if there is none. */
    public Rule first(Kind kind) {
        for (Rule rule : rules) {
            if (rule.kind() == kind) {
                return rule;
            }
        }
        return null;
    }

    /** The number of parameters in the descriptor. Loads none of their classes. */
    public int parameterCount() {
        int count = 0;
        for (int at = 1; descriptor.charAt(at) != ')'; at++) {
            while (descriptor.charAt(at) == '[') {
                at++;
            }
            if (descriptor.charAt(at) == 'L') {
                at = descriptor.indexOf(';', at);
            }
            count++;
        }
        return count;
    }

    /** The texts from which {@link #fromConstants} builds an equal spec. */
    public List<String> toConstants() {
        List<String> out = new ArrayList<>(List.of(owner, method, descriptor, isStatic ? "static" : "instance"));
        addList(out, parameterNames);
        out.add(Integer.toString(rules.size()));
        for (Rule rule : rules) {
            out.add(rule.kind().name());
            out.add(rule.origin());
            out.add(Integer.toString(rule.attributes().size()));
            new TreeMap<>(rule.attributes()).forEach((name, values) -> {
                out.add(name);
                addList(out, values);
            });
        }
        return Collections.unmodifiableList(out);
    }

    /** Builds the spec again from the texts of {@link #toConstants}. */
    public static CallSpec fromConstants(List<String> constants) {
        var in = constants.iterator();
        String owner = in.next();
        String method = in.next();
        String descriptor = in.next();
        boolean isStatic = in.next().equals("static");
        List<String> names = takeList(in);
        List<Rule> rules = new ArrayList<>();
        for (int left = Integer.parseInt(in.next()); left > 0; left--) {
            Kind kind = Kind.valueOf(in.next());
            String origin = in.next();
            Map<String, List<String>> attributes = new TreeMap<>();
            for (int more = Integer.parseInt(in.next()); more > 0; more--) {
                attributes.put(in.next(), takeList(in));
            }
            rules.add(new Rule(kind, attributes, origin));
        }
        return new CallSpec(owner, method, descriptor, isStatic, names, rules);
    }

    private static void addList(List<String> out, List<String> values) {
        out.add(Integer.toString(values.size()));
        out.addAll(values);
    }

    private static List<String> takeList(Iterator<String> in) {
        List<String> values = new ArrayList<>();
        for (int left = Integer.parseInt(in.next()); left > 0; left--) {
            values.add(in.next());
        }
        return values;
    }
}
