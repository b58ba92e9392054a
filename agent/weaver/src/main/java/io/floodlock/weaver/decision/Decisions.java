package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.code.Hook;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;

/**
 * Receives each decision of the weaver as it is made. This class ignores all decisions; {@link Explaining} reports
 * them. It is a class rather than an interface so that a start without explanations loads no other class. Threads
 * that load classes call it, several at the same time.
 */
public class Decisions {

    public static final Decisions NONE = new Decisions();

    /**
     * A method has been woven.
     *
     * @param spec null for a method that has only a hook
     * @param hook null if there is no hook
     */
    public void woven(ScannedClass type, ScannedMethod method, CallSpec spec, Hook hook) {}

    /**
     * A method asks for protection but is not woven, because the method that it copies or calls is protected instead.
     */
    public void passedOver(ScannedClass type, ScannedMethod method) {}

    /**
     * A rule matches a method that can't be woven.
     *
     * @param reason as in "is abstract, without a body"
     */
    public void passedOver(ScannedClass type, ScannedMethod method, Rule rule, String reason) {}

    /**
     * A class is not woven because its name marks it as generated.
     *
     * @param name internal
     */
    public void generated(String name, byte[] file) {}

    /**
     * A class is not woven because the classes of its loader are never examined.
     *
     * @param loader null for the bootstrap loader
     */
    public void outside(ClassLoader loader, String name, byte[] file) {}

    /**
     * A class asks for protection and can't be given it.
     *
     * @param refused false if the class loads unprotected
     */
    public void failed(String name, boolean refused, String reason) {}
}
