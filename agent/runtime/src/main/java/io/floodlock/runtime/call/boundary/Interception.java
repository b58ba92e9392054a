package io.floodlock.runtime.call.boundary;

import java.lang.reflect.Method;

/**
 * A call that an interceptor is about to let go on.
 *
 * @param method as the class that runs it declares it
 * @param self the instance that runs it, null where only the interceptors after this one know
 */
record Interception(Method method, Object self, Object[] arguments) {}
