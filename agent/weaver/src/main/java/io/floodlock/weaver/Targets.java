package io.floodlock.weaver;

/** Which classes are looked at for their name alone, and which never. Names are internal, {@code com/shop/Orders}. */
final class Targets {

    private static final String SPRING_CONTEXT = "org/springframework/context/support/AbstractApplicationContext";
    private static final String FACADE = "io/floodlock/Floodlock";

    /** Parts of names that generators of subclasses give. A class of theirs copies or overrides what its parent does. */
    private static final String[] GENERATED = {
        "$$SpringCGLIB$$",
        "$$EnhancerBy",
        "$$FastClassBy",
        "$$KeyFactoryBy",
        "$$Lambda",
        "_$$_",
        "$HibernateProxy$",
        "$MockitoMock$",
        "$ByteBuddy$",
        "_ClientProxy",
        "_Subclass"
    };

    private Targets() {}

    static boolean isSpringContext(String name) {
        return SPRING_CONTEXT.equals(name);
    }

    static boolean isFacade(String name) {
        return FACADE.equals(name);
    }

    static boolean isGenerated(String name) {
        if (name.startsWith("jdk/proxy") || name.startsWith("com/sun/proxy/") || name.contains("$Proxy")) {
            return true;
        }
        for (String part : GENERATED) {
            if (name.contains(part)) {
                return true;
            }
        }
        return false;
    }
}
