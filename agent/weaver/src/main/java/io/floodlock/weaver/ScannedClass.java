package io.floodlock.weaver;

import java.util.List;

/**
 * A class as its class file tells of it.
 *
 * @param version the class file's major version
 * @param name internal, {@code com/shop/Orders}
 * @param transactional whether the class itself carries a framework's {@code @Transactional}
 */
record ScannedClass(int version, int access, String name, boolean transactional, List<ScannedMethod> methods) {

    /** {@code com.shop.Orders}. */
    String displayName() {
        return name.replace('/', '.');
    }

    ScannedMethod method(String method, String descriptor) {
        String key = ScannedMethod.key(method, descriptor);
        return methods.stream()
                .filter(declared -> declared.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    boolean carriesRules() {
        return methods.stream().anyMatch(method -> !method.rules().isEmpty());
    }
}
