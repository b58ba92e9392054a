package io.floodlock.weaver.scan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.Opcodes;

/**
 * A class as its class file describes it. {@link ClassScanner} creates it. Immutable.
 *
 * @param version the class file's major version
 * @param name internal, {@code com/shop/Orders}
 * @param interceptor whether the class is one of Jakarta's interceptors
 * @param transactional whether the class itself carries a framework's {@code @Transactional}
 * @param delegating keys of the methods that call a method of the same name and type of another class
 */
public record ScannedClass(
        int version,
        int access,
        String name,
        boolean transactional,
        boolean interceptor,
        List<ScannedMethod> methods,
        Set<String> delegating) {

    public ScannedClass with(List<ScannedMethod> others) {
        return new ScannedClass(version, access, name, transactional, interceptor, List.copyOf(others), delegating);
    }

    /** {@code com.shop.Orders}. */
    public String displayName() {
        return name.replace('/', '.');
    }

    public ScannedMethod method(String method, String descriptor) {
        String key = ScannedMethod.key(method, descriptor);
        return methods.stream()
                .filter(declared -> declared.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Whether the class is a Jakarta interceptor that runs methods in transactions. Such an interceptor carries the
     * annotation that binds it to those methods.
     */
    public boolean interceptsTransactions() {
        return interceptor && transactional;
    }

    /** Whether the class has a method like a DataSource's that hands out connections. */
    public boolean handsOutConnections() {
        for (ScannedMethod method : methods) {
            if (method.handsOutConnection()) {
                return true;
            }
        }
        return false;
    }

    /** Whether the class looks like a JTA transaction manager. */
    public boolean managesTransactions() {
        for (ScannedMethod method : methods) {
            switch (method.key()) {
                case "getTransaction()Ljakarta/transaction/Transaction;",
                        "getTransaction()Ljavax/transaction/Transaction;" -> {
                    return !method.is(Opcodes.ACC_ABSTRACT) && !method.is(Opcodes.ACC_STATIC);
                }
                default -> {
                    // look at the next method
                }
            }
        }
        return false;
    }

    public boolean carriesRules() {
        return methods.stream().anyMatch(method -> !method.rules().isEmpty());
    }

    /**
     * This class, with the annotations and parameter names that only its class file still has.
     *
     * @throws Refusal if the file asks for protection of a method that this class does not have
     */
    public ScannedClass declaredAs(ScannedClass declaration) throws Refusal {
        Map<String, ScannedMethod> declared = new HashMap<>();
        declaration.methods.forEach(method -> declared.put(method.key(), method));
        List<ScannedMethod> all = new ArrayList<>();
        for (ScannedMethod method : methods) {
            ScannedMethod same = declared.remove(method.key());
            all.add(same == null ? method : method.declaredAs(same));
        }
        for (ScannedMethod absent : declared.values()) {
            if (!absent.rules().isEmpty()) {
                throw new Refusal(
                        this,
                        absent,
                        "is in the class file, but not in the class as the JVM has loaded it",
                        "Keep one version of the class, or let the agent see it load.");
            }
        }
        return new ScannedClass(
                version,
                access,
                name,
                transactional || declaration.transactional,
                interceptor || declaration.interceptor,
                List.copyOf(all),
                delegating);
    }
}
