package io.floodlock.weaver.decision;

import io.floodlock.runtime.call.spec.CallSpec;
import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.code.Hook;
import io.floodlock.weaver.scan.ScannedClass;
import io.floodlock.weaver.scan.ScannedMethod;

/**
 * Hears what the weaver decides, as it decides it. This one ignores all of it; it is a class rather than an interface so that
 * a start without explanations loads no other. Called on threads that load classes, several at once.
 */
public class Decisions {

    public static final Decisions NONE = new Decisions();

    /** Of a method that has been woven. @param spec null for a hook alone; @param hook null where there is none */
    public void woven(ScannedClass type, ScannedMethod method, CallSpec spec, Hook hook) {}

    /** Of a method that asks for protection, and whose copy or original has it instead. */
    public void passedOver(ScannedClass type, ScannedMethod method) {}

    /** Of a method that a rule names, and that can't be woven. @param reason as in "is abstract, without a body" */
    public void passedOver(ScannedClass type, ScannedMethod method, Rule rule, String reason) {}

    /** Of a class whose name says that a generator made it. @param name internal */
    public void generated(String name, byte[] file) {}

    /** Of a class whose loader's classes are never looked at. @param loader null for the bootstrap loader */
    public void outside(ClassLoader loader, String name, byte[] file) {}

    /** Of a class that asks for protection and can't have it. @param refused false where it loads unprotected */
    public void failed(String name, boolean refused, String reason) {}
}
