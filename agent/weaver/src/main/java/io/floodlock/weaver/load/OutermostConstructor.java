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
 * Lets a constructor tell of its instance only if no other constructor of its class goes on building it: one that was called
 * by {@code this(..)} keeps silent, and its caller tells. The class file can't say which constructor is the last, as most can
 * be called directly too; the stack can, and constructors of classes with queued methods run rarely.
 *
 * <p>An instance that a constructor of the same class makes for another one keeps silent too. A subclass's constructor may
 * still be running.
 */
final class OutermostConstructor {

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private OutermostConstructor() {}

    /** That site, for outermost constructors only. */
    static CallSite only(CallSite told) {
        MethodType type = told.type();
        try {
            MethodHandle test = MethodHandles.lookup()
                    .findStatic(
                            OutermostConstructor.class,
                            "isCalling",
                            MethodType.methodType(boolean.class, Object.class));
            return new ConstantCallSite(
                    MethodHandles.guardWithTest(test, told.dynamicInvoker(), MethodHandles.empty(type)));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("constructors can't be told apart", e);
        }
    }

    /** Called by the constructor, with nothing between them on the stack that is shown. */
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
