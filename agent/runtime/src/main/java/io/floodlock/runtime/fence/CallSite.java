package io.floodlock.runtime.fence;

/** Finds the application's frame, for events and refusals. Walks the stack, which takes about a microsecond. */
public final class CallSite {

    private static final String AGENT = "io.floodlock.runtime.";

    private CallSite() {}

    /** As {@code com.shop.Orders.place:42}; what hands out connections is passed over. */
    public static String outsideAgent() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(CallSite::isApplications)
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName()
                                + (frame.getLineNumber() > 0 ? ":" + frame.getLineNumber() : ""))
                        .orElse("?"));
    }

    private static boolean isApplications(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return !type.startsWith(AGENT)
                && !type.startsWith("java.")
                && !type.startsWith("jdk.")
                && !frame.getMethodName().equals("getConnection");
    }
}
