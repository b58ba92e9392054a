package io.floodlock.runtime.fence;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the stack frame of the application, for events and error messages. Thread-safe. */
public final class CallerFrame {

    private static final StackWalker STACK = StackWalker.getInstance(Set.of(), 16);

    private static final String AGENT = "io.floodlock.runtime.";

    private CallerFrame() {}

    /**
     * Returns the innermost frame outside the agent and the JDK, such as {@code com.shop.Orders.place:42}; {@code ?} if
     * there is none. Methods named {@code getConnection} are skipped, because they only hand out connections.
     */
    public static String outsideAgent() {
        return STACK.walk(frames -> first(frames.map(StackFrame::toStackTraceElement)));
    }

    /**
     * Like {@link #outsideAgent()}, for texts that are seldom needed. At the call, the virtual machine only records the
     * stack, which takes a tenth of the time of a walk. The stack is walked when the text is requested.
     */
    public static Supplier<String> later() {
        Throwable here = new Throwable();
        return () -> first(Stream.of(here.getStackTrace()));
    }

    private static String first(Stream<StackTraceElement> frames) {
        return frames.filter(CallerFrame::isApplications)
                .findFirst()
                .map(CallerFrame::text)
                .orElse("?");
    }

    private static String text(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName()
                + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "");
    }

    private static boolean isApplications(StackTraceElement frame) {
        String type = frame.getClassName();
        return !type.startsWith(AGENT)
                && !type.startsWith("java.")
                && !type.startsWith("jdk.")
                && !frame.getMethodName().equals("getConnection");
    }
}
