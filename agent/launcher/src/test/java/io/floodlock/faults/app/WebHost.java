package io.floodlock.faults.app;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/** A server that deploys an application, serves its first request, and undeploys it while the JVM goes on. */
public final class WebHost {

    /** As frameworks keep what belongs to a request. */
    private static final ThreadLocal<Object> OF_REQUEST = new InheritableThreadLocal<>();

    private static final CountDownLatch ENDED = new CountDownLatch(1);

    private WebHost() {}

    /** @param arguments whether a thread is made in the first request as applications make one, then the class path */
    public static void main(String[] arguments) throws Exception {
        ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
        WeakReference<ClassLoader> application = serve(Boolean.parseBoolean(arguments[0]), arguments, collected);
        System.out.println("served");
        // the collector decides when; a minute is for a loaded machine, and the control waits less
        long limit = System.nanoTime() + (arguments[0].equals("true") ? 3_000_000_000L : 60_000_000_000L);
        boolean unloaded = false;
        while (!unloaded && System.nanoTime() < limit) {
            System.gc();
            unloaded = collected.remove(50) == application;
        }
        System.out.println(unloaded ? "unloaded" : "still loaded");
        System.exit(0);
    }

    private static WeakReference<ClassLoader> serve(
            boolean makesThread, String[] arguments, ReferenceQueue<ClassLoader> collected) throws Exception {
        URL[] classPath = new URL[arguments.length - 1];
        for (int i = 1; i < arguments.length; i++) {
            classPath[i - 1] = url(arguments[i]);
        }
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            Thread request = new Thread(() -> request(loader, makesThread), "request");
            request.start();
            request.join();
            return new WeakReference<>(loader, collected);
        }
    }

    private static URL url(String path) throws MalformedURLException {
        return Path.of(path).toUri().toURL();
    }

    private static void request(ClassLoader loader, boolean makesThread) {
        Thread.currentThread().setContextClassLoader(loader);
        try {
            @SuppressWarnings("unchecked")
            Callable<String> application = (Callable<String>)
                    loader.loadClass("com.example.App").getConstructor().newInstance();
            OF_REQUEST.set(application);
            System.out.println(application.call());
            if (makesThread) {
                new Thread(WebHost::awaitEnd, "kept").start();
            }
        } catch (Exception e) {
            e.printStackTrace(System.out);
        }
    }

    private static void awaitEnd() {
        try {
            ENDED.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
