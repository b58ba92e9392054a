package io.floodlock.weaver.load;

import java.lang.StackWalker.StackFrame;
import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Limits a {@code CONSTRUCTED} call site to the outermost constructor of a class: a constructor reports its instance
 * only if no other constructor of the same class continues to build it. A constructor called by {@code this(..)} does
 * not report; its caller does. A class file can't show which constructor is the last one, because most constructors
 * can also be called directly. The stack can show it, and constructors of classes with queued methods run rarely.
 *
 * <p>An instance that a constructor creates of its own class is not reported either. When an instance is reported, a
 * constructor of a subclass may still be running.
 */
final class OutermostConstructor {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private OutermostConstructor() {}

    /** The given call site, called for outermost constructors only. */
    static CallSite only(CallSite site) {
        MethodType type = site.type();
        try {
            MethodHandle test = MethodHandles.lookup()
                    .findStatic(
                            OutermostConstructor.class,
                            "isCalling",
                            MethodType.methodType(boolean.class, Object.class));
            return new ConstantCallSite(
                    MethodHandles.guardWithTest(test, site.dynamicInvoker(), MethodHandles.empty(type)));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("outermost constructors can't be detected", e);
        }
    }

    /** Called directly by the constructor: a stack walk shows no frame between the two. */
    static boolean isCalling(Object instance) {
        return STACK.walk(OutermostConstructor::isOutermost);
    }

    private static boolean isOutermost(Stream<StackFrame> stack) {
        Iterator<StackFrame> frames = stack.skip(1).limit(2).iterator();
        StackFrame constructor = frames.next();
        StackFrame caller = frames.hasNext() ? frames.next() : null;
        return caller == null
                || caller.getDeclaringClass() != constructor.getDeclaringClass()
                || !caller.getMethodName().equals("<init>");
    }
}
