package io.floodlock.weaver.scan;

import io.floodlock.runtime.call.spec.Kind;
import io.floodlock.runtime.call.spec.ResultKind;
import io.floodlock.runtime.call.spec.Rule;
import java.util.List;
import java.util.StringJoiner;
import net.bytebuddy.jar.asm.Type;

/**
 * A method as its class file describes it. {@link ClassScanner} creates it. Immutable.
 *
 * @param signature the descriptor with generics; null if the method has no generics
 * @param parameterNames empty if the class file has none
 * @param rules the rules of the method, from annotations and from rules files
 * @param overridden the method's annotations that a rules file replaces
 * @param transactional whether the method carries a framework's {@code @Transactional}
 * @param aroundInvoke whether Jakarta's interceptors run the method around others
 * @param maxLocals 0 for a method without code
 * @param stateMachine the class that keeps a Kotlin function's state while it is suspended, null for all other methods
 * @param inline whether Kotlin copies the method's body to its callers
 * @param changed a setter that the method calls, or a field that it writes, of an object that seems to be one of its
 *     arguments; null for none
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

    /**
     * The same method with other rules.
     *
     * @param others the rules
     * @param instead the annotations that they replace
     */
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

    /** Whether a rule acts around the body: every rule but queueing does. */
    boolean isScoped() {
        return rules.stream().anyMatch(rule -> rule.kind() != Kind.QUEUED);
    }

    public boolean isLocked() {
        return carries(Kind.SHARED_LOCK) || carries(Kind.PESSIMISTIC_LOCK);
    }

    /** Whether its body may be skipped: if a key isn't free, or if its stored call has run before. */
    public boolean maySkip() {
        return rules.stream().anyMatch(Rule::maySkip) || isRecorded();
    }

    /** Whether its stored calls run in a transaction of their own, which records them. */
    public boolean isRecorded() {
        return carries(Kind.QUEUED) && carries(Kind.DISTRIBUTED_TX);
    }

    /** Whether the method looks like the one of a DataSource that hands out connections. */
    public boolean handsOutConnection() {
        return key().equals("getConnection()Ljava/sql/Connection;");
    }

    /** Whether the method's locks are held beyond its return, until the work that it has begun has ended. */
    public boolean isLockedBeyondReturn() {
        return isLocked() && !isRecorded() && ResultKind.of(descriptor).isAsynchronous();
    }

    /** Whether the result may stand for unfinished work, as far as its declared type shows. */
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

    /** The method's key within its class; see {@link #key(String, String)}. */
    public String key() {
        return key(name, descriptor);
    }

    /** The method's key within its class: its name and descriptor. */
    public static String key(String name, String descriptor) {
        return name.concat(descriptor);
    }

    /** This method's code, with the annotations and names of its class file. */
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
