package io.floodlock.runtime.fence;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the application's frame, for events and refusals. Thread-safe. */
public final class CallerFrame {

    private static final StackWalker STACK = StackWalker.getInstance(Set.of(), 16);

    private static final String AGENT = "io.floodlock.runtime.";

    private CallerFrame() {}

    /** As {@code com.shop.Orders.place:42}; what hands out connections is passed over. */
    public static String outsideAgent() {
        return STACK.walk(frames -> first(frames.map(StackFrame::toStackTraceElement)));
    }

    /**
     * The same, for texts that are seldom asked for: the virtual machine only notes the stack, which takes a tenth of
     * the time of a walk, and is walked when the text is asked for.
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
