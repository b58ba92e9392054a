package io.floodlock.weaver.scan;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.spec.Rule;
import java.util.List;
import java.util.StringJoiner;
import net.bytebuddy.jar.asm.Type;

/**
 * A method as its class file tells of it.
 *
 * @param signature with its generics; null where it has none
 * @param parameterNames empty where the class file has none
 * @param rules what is asked of it, by annotations and by rules files
 * @param overridden its annotations that a rules file stands in for
 * @param transactional whether it carries a framework's {@code @Transactional}
 * @param aroundInvoke whether Jakarta's interceptors run it around others
 * @param maxLocals 0 for a method without code
 * @param stateMachine the class that keeps a Kotlin function's state while it is suspended, null for all other methods
 * @param inline whether Kotlin copies its body to where it is called
 * @param changed a setter that it calls, or a field that it writes, of what seems to be one of its arguments; null for none
 */
public record ScannedMethod(
        int access,
        String name,
        String descriptor,
        String signature,
        List<String> parameterNames,
        List<Rule> rules,
        List<Rule> overridden,
        boolean transactional,
        boolean aroundInvoke,
        int maxLocals,
        String stateMachine,
        boolean inline,
        String changed) {

    /** The same method, asked otherwise. */
    public ScannedMethod with(List<Rule> others, List<Rule> instead) {
        return new ScannedMethod(
                access,
                name,
                descriptor,
                signature,
                parameterNames,
                List.copyOf(others),
                List.copyOf(instead),
                transactional,
                aroundInvoke,
                maxLocals,
                stateMachine,
                inline,
                changed);
    }

    public boolean is(int flag) {
        return (access & flag) != 0;
    }

    public boolean carries(Kind kind) {
        return rules.stream().anyMatch(rule -> rule.kind() == kind);
    }

    /** Whether something is to be done around the body: every rule but queueing. */
    boolean isScoped() {
        return rules.stream().anyMatch(rule -> rule.kind() != Kind.QUEUED);
    }

    public boolean isLocked() {
        return carries(Kind.SHARED_LOCK) || carries(Kind.PESSIMISTIC_LOCK);
    }

    /** Whether its body is passed over where a key isn't free. */
    public boolean maySkip() {
        return rules.stream().anyMatch(Rule::maySkip);
    }

    /** Whether it looks like the method of a DataSource that hands out connections. */
    public boolean handsOutConnection() {
        return key().equals("getConnection()Ljava/sql/Connection;");
    }

    /** Whether its locks are held until work has ended that goes on after it has returned. */
    public boolean isLockedBeyondReturn() {
        return isLocked() && ResultKind.of(descriptor).isAsynchronous();
    }

    /** Whether what it returns may stand for work that goes on, for all that its declared type tells. */
    public boolean mayReturnUnfinishedWork() {
        return isScoped() && descriptor.endsWith(";") && !isPlain(descriptor.substring(descriptor.indexOf(')') + 1));
    }

    private static boolean isPlain(String type) {
        return type.startsWith("[") || type.startsWith("Ljava/lang/") && !type.equals("Ljava/lang/Object;");
    }

    /** {@code place(com.shop.Order, int)}. */
    public String toSource() {
        StringJoiner parameters = new StringJoiner(", ", name + "(", ")");
        for (Type type : Type.getArgumentTypes(descriptor)) {
            parameters.add(type.getClassName());
        }
        return parameters.toString();
    }

    /** Where it stands in its class, as {@link #key(String, String)}. */
    public String key() {
        return key(name, descriptor);
    }

    public static String key(String name, String descriptor) {
        return name.concat(descriptor);
    }

    /** This method's code, with the annotations and names that its class file gives it. */
    ScannedMethod declaredAs(ScannedMethod declaration) {
        return new ScannedMethod(
                access,
                name,
                descriptor,
                signature,
                declaration.parameterNames,
                declaration.rules,
                declaration.overridden,
                transactional || declaration.transactional,
                aroundInvoke || declaration.aroundInvoke,
                maxLocals,
                stateMachine,
                inline || declaration.inline,
                changed);
    }
}
