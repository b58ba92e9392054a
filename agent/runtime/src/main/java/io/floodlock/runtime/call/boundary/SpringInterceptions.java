package io.floodlock.runtime.call.boundary;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/**
 * Reads calls that pass through Spring's proxies. Spring itself decides which method of the target's class implements a
 * method of an interface or a superclass, generics included. One proxy may stand before another; the instance is the
 * object behind all of them.
 */
final class SpringInterceptions implements Interceptions {

    private final MethodHandle method;
    private final MethodHandle target;
    private final MethodHandle arguments;
    private final MethodHandle proxy;
    private final MethodHandle targetClass;
    private final MethodHandle mostSpecific;
    private final MethodHandle behind;
    private final MethodHandle isProxy;
    private final Class<?> proxied;

    SpringInterceptions(MethodHandles.Lookup interceptor) {
        try {
            Class<?> invocation = find(interceptor, "org.aopalliance.intercept.MethodInvocation");
            Class<?> utils = find(interceptor, "org.springframework.aop.support.AopUtils");
            Class<?> proxies = find(interceptor, "org.springframework.aop.framework.AopProxyUtils");
            proxied = find(interceptor, "org.springframework.aop.ProxyMethodInvocation");
            MethodType anything = methodType(Object.class);
            method = interceptor
                    .findVirtual(invocation, "getMethod", methodType(Method.class))
                    .asType(methodType(Method.class, Object.class));
            target = interceptor
                    .findVirtual(invocation, "getThis", anything)
                    .asType(methodType(Object.class, Object.class));
            arguments = interceptor
                    .findVirtual(invocation, "getArguments", methodType(Object[].class))
                    .asType(methodType(Object[].class, Object.class));
            proxy = interceptor
                    .findVirtual(proxied, "getProxy", anything)
                    .asType(methodType(Object.class, Object.class));
            targetClass = interceptor.findStatic(utils, "getTargetClass", methodType(Class.class, Object.class));
            mostSpecific = interceptor.findStatic(
                    utils, "getMostSpecificMethod", methodType(Method.class, Method.class, Class.class));
            isProxy = interceptor.findStatic(utils, "isAopProxy", methodType(boolean.class, Object.class));
            behind = interceptor.findStatic(proxies, "getSingletonTarget", methodType(Object.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this version of Spring is not known: " + e.getMessage(), e);
        }
    }

    private static Class<?> find(MethodHandles.Lookup interceptor, String name) throws ClassNotFoundException {
        return Class.forName(name, false, interceptor.lookupClass().getClassLoader());
    }

    @Override
    public Interception read(Object given) throws Throwable {
        Object self = (Object) target.invokeExact(given);
        Object deeper = self;
        while (deeper != null) {
            self = deeper;
            deeper = (Object) behind.invokeExact(self);
        }
        Method called = (Method) method.invokeExact(given);
        if (self != null) {
            Class<?> type = (Class<?>) targetClass.invokeExact(self);
            called = (Method) mostSpecific.invokeExact(called, type);
        }
        return new Interception(called, instance(given, called, self), (Object[]) arguments.invokeExact(given));
    }

    /** The methods that a repository declares itself run on its proxy, because no class implements them. */
    private Object instance(Object given, Method called, Object self) throws Throwable {
        Class<?> owner = called.getDeclaringClass();
        if (owner.isInstance(self)) {
            return (boolean) isProxy.invokeExact(self) ? null : self;
        }
        Object outermost = proxied.isInstance(given) ? (Object) proxy.invokeExact(given) : null;
        return owner.isInstance(outermost) ? outermost : null;
    }
}
