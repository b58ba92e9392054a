package io.floodlock.runtime.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.DatabaseMetaData;

/**
 * The handle that an application holds in place of its driver's metadata: {@code getConnection()} returns the
 * application's own handle, and unwrapping is reported to it. Rarely used, so a proxy is fast enough.
 */
final class TrackedMetaData implements InvocationHandler {

    private final StatementOwner owner;
    private final DatabaseMetaData delegate;

    private TrackedMetaData(StatementOwner owner, DatabaseMetaData delegate) {
        this.owner = owner;
        this.delegate = delegate;
    }

    static DatabaseMetaData of(StatementOwner owner, DatabaseMetaData delegate) {
        return (DatabaseMetaData) Proxy.newProxyInstance(
                delegate.getClass().getClassLoader(),
                new Class<?>[] {DatabaseMetaData.class},
                new TrackedMetaData(owner, delegate));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
        if (method.getName().equals("getConnection")) {
            return owner;
        }
        if (method.getName().equals("equals")) {
            return proxy == args[0];
        }
        if (method.getName().equals("unwrap")) {
            owner.bypassed();
            UnwrappedConnections.add(delegate.getConnection(), owner);
            if (((Class<?>) args[0]).isInstance(delegate)) {
                return delegate;
            }
        }
        try {
            return method.invoke(delegate, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
