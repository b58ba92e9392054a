package io.floodlock.runtime.fence;

import java.lang.StackWalker.StackFrame;
import java.util.Set;
import java.util.function.Supplier;

/** Finds the application's frame, for events and refusals. Walks the stack, which takes about a microsecond. */
public final class CallSite {

    private static final StackWalker STACK = StackWalker.getInstance(Set.of(), 16);

    private static final String AGENT = "io.floodlock.runtime.";

    private CallSite() {}

    /** As {@code com.shop.Orders.place:42}; what hands out connections is passed over. */
    public static String outsideAgent() {
        return later().get();
    }

    /** The same, whose text is made only when it is asked for: that takes several times longer than finding the frame. */
    public static Supplier<String> later() {
        StackFrame found = STACK.walk(
                        frames -> frames.filter(CallSite::isApplications).findFirst())
                .orElse(null);
        return () -> text(found);
    }

    private static String text(StackFrame frame) {
        return frame == null
                ? "?"
                : frame.getClassName() + "." + frame.getMethodName()
                        + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : "");
    }

    private static boolean isApplications(StackFrame frame) {
        String type = frame.getClassName();
        return !type.startsWith(AGENT)
                && !type.startsWith("java.")
                && !type.startsWith("jdk.")
                && !frame.getMethodName().equals("getConnection");
    }
}
