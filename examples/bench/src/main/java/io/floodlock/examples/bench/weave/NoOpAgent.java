package io.floodlock.examples.bench.weave;

import io.floodlock.weaver.Installer;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * An agent with the real weaver, on the class path, and a runtime that does nothing. Its argument names a rules file.
 */
public final class NoOpAgent {

    private static final NoOpRuntime RUNTIME = new NoOpRuntime();

    private static ClassFileTransformer transformer;

    private NoOpAgent() {}

    public static void premain(String arguments, Instrumentation instrumentation) {
        Instrumentation listening = (Instrumentation) Proxy.newProxyInstance(
                NoOpAgent.class.getClassLoader(), new Class<?>[] {Instrumentation.class}, (proxy, method, values) -> {
                    if (method.getName().equals("addTransformer")) {
                        transformer = (ClassFileTransformer) values[0];
                    }
                    try {
                        return method.invoke(instrumentation, values);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Installer.install(listening, RUNTIME, true, false, arguments);
    }

    /** The transformer that the weaver has registered in the JVM. */
    static ClassFileTransformer transformer() {
        return transformer;
    }

    static NoOpRuntime runtime() {
        return RUNTIME;
    }
}
