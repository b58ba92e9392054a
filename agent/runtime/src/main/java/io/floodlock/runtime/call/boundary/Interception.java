package io.floodlock.runtime.call.boundary;

import java.lang.reflect.Method;

/**
 * A call that an interceptor is about to pass on to the method.
 *
 * @param method as declared by the class that runs it
 * @param self the instance that runs it; null if only later interceptors know it
 */
record Interception(Method method, Object self, Object[] arguments) {}
