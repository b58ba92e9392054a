package io.floodlock.launcher;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/**
 * Where the JVM enters the agent: decides whether to start, and hands over to the agent's own class loader.
 *
 * <p>It runs on the application's class loader before the application's main, so what it touches is initialized for the
 * application too. Never here, nor in anything it calls: {@code java.util.logging}, JMX, the default
 * {@code java.nio.file.FileSystem}, sockets, threads that are not daemons; nor lambdas or other bootstraps, which are slow in
 * a JVM this young.
 */
public final class Premain {

    /** {@code EX_CONFIG} of sysexits.h. */
    private static final int CONFIGURATION_ERROR = 78;

    private Premain() {}

    /** Called by the JVM, as the manifest says. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start("io.floodlock.weaver.Start", arguments, instrumentation);
    }

    /** Called by {@code java -jar floodlock-agent.jar}: the jar is also a tool, which lives beside the agent. */
    public static void main(String[] arguments) throws Exception {
        ClassLoader loader = new AgentClassLoader(ownJar());
        Thread.currentThread().setContextClassLoader(loader);
        Object status = Class.forName("io.floodlock.weaver.tool.Tool", true, loader)
                .getMethod("run", String[].class)
                .invoke(null, (Object) arguments);
        System.exit((Integer) status);
    }

    /**
     * @param entry a class on the agent's own loader with {@code static start(Instrumentation, String)}, which answers a
     *     Throwable where the agent is not started and need not be; what it throws as IllegalArgumentException is the user's
     *     to mend
     */
    static void start(String entry, String arguments, Instrumentation instrumentation) {
        if (insideJdkTool()) {
            return;
        }
        if (anotherCopyRuns()) {
            System.err.println(
                    "floodlock: a second copy of the agent was asked for in this JVM and is not started; the first"
                            + " one stays active with its own configuration. Remove one -javaagent (see JAVA_TOOL_OPTIONS,"
                            + " JDK_JAVA_OPTIONS and the command line).");
            return;
        }
        try {
            ClassLoader loader = new AgentClassLoader(ownJar());
            Object tolerated = Class.forName(entry, true, loader)
                    .getMethod("start", Instrumentation.class, String.class)
                    .invoke(null, instrumentation, arguments);
            if (tolerated != null) {
                report((Throwable) tolerated, "The application runs UNPROTECTED, as floodlock.on-failure=warn allows.");
            }
        } catch (InvocationTargetException e) {
            giveUp(e.getCause());
        } catch (Exception | LinkageError e) {
            giveUp(e);
        }
    }

    /** A locking agent that isn't there must not look as if it were, so the application doesn't start either. */
    private static void giveUp(Throwable cause) {
        report(
                cause,
                "The application is not started (exit status 78); floodlock.enabled=false or"
                        + " floodlock.on-failure=warn would start it unprotected.");
        System.exit(CONFIGURATION_ERROR);
    }

    private static void report(Throwable cause, String consequence) {
        boolean users = cause instanceof IllegalArgumentException;
        System.err.println("floodlock: the agent can't start.\n"
                .concat(users ? cause.getMessage() : cause.toString())
                .concat("\n")
                .concat(consequence));
        if (!users) {
            cause.printStackTrace();
        }
    }

    /**
     * JAVA_TOOL_OPTIONS reaches javac, jcmd, jar, keytool and the rest too. {@code java Orders.java} is not one of them,
     * though the compiler's module starts it.
     */
    private static boolean insideJdkTool() {
        String command = System.getProperty("sun.java.command", "");
        String module = System.getProperty("jdk.module.main", "");
        return (module.startsWith("jdk.")
                        || module.startsWith("java.")
                        || command.startsWith("sun.tools.")
                        || command.startsWith("com.sun.tools."))
                && !command.contains("com.sun.tools.javac.launcher.");
    }

    private static boolean anotherCopyRuns() {
        try {
            Class.forName("java.lang.FloodlockDispatcher", false, null);
            return true;
        } catch (ClassNotFoundException first) {
            return false;
        }
    }

    private static File ownJar() throws Exception {
        File file = new File(Premain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        if (!file.isFile()) {
            throw new IllegalArgumentException(file + " is not a jar file. Start the agent from the shipped jar:"
                    + " -javaagent:/path/to/floodlock-agent.jar");
        }
        return file;
    }
}
