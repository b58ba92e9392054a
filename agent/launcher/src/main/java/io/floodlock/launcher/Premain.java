package io.floodlock.launcher;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;

/**
 * Entry point of the agent: the JVM calls {@link #premain} for {@code -javaagent} and {@link #main} for
 * {@code java -jar}. It decides whether the agent starts, and passes control to a class on the agent's own
 * {@link AgentClassLoader}.
 *
 * <p>This class runs on the application's class loader, before the application's {@code main}. Whatever it
 * initializes is therefore initialized for the application too. This class, and anything it calls, must never use
 * {@code java.util.logging}, JMX, the default {@code java.nio.file.FileSystem}, sockets or non-daemon threads. It
 * must not use lambdas or other bootstrap methods either, because they are slow while the JVM starts.
 *
 * <p>If the agent cannot start, the JVM ends with exit status 78 and the application does not run. Only the entry
 * class can report that {@code floodlock.on-failure=warn} allows the application to run unprotected.
 */
public final class Premain {

    /** {@code EX_CONFIG} of sysexits.h. */
    private static final int CONFIGURATION_ERROR = 78;

    private Premain() {}

    /** Called by the JVM, as declared in the manifest ({@code Premain-Class}). */
    public static void premain(String arguments, Instrumentation instrumentation) {
        start("io.floodlock.weaver.Start", arguments, instrumentation);
    }

    /**
     * Called by {@code java -jar floodlock-agent.jar}. The jar is also a command-line tool, whose classes are stored
     * with the agent's.
     */
    public static void main(String[] arguments) throws Exception {
        ClassLoader loader = new AgentClassLoader(ownJar());
        Thread.currentThread().setContextClassLoader(loader);
        Object status = Class.forName("io.floodlock.weaver.tool.Tool", true, loader)
                .getMethod("run", String[].class)
                .invoke(null, (Object) arguments);
        System.exit((Integer) status);
    }

    /**
     * @param entry a class on the agent's own loader with {@code static start(Instrumentation, String)}. The method
     *     returns a Throwable if the agent does not start and the application may run without it. An
     *     IllegalArgumentException that it throws is a configuration error for the user to correct; only its message
     *     is printed, without a stack trace
     */
    static void start(String entry, String arguments, Instrumentation instrumentation) {
        if (insideJdkTool()) {
            return;
        }
        if (anotherCopyRuns()) {
            System.err.println(
                    "floodlock: a second copy of the agent was requested in this JVM and is not started; the first"
                            + " copy stays active with its own configuration. Remove one -javaagent (see"
                            + " JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS and the command line).");
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

    /**
     * Ends the JVM. Without the agent nothing is locked, so the application must not run as if the agent were active.
     */
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
     * The agent does not start in JDK tools. JAVA_TOOL_OPTIONS also applies to javac, jcmd, jar, keytool and the
     * others. {@code java Orders.java} is an application, although a class of the compiler's module launches it.
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
