package io.floodlock.runtime.fence;

/** Finds the application's frame, for events. Walks the stack: for failures only. */
final class CallSite {

    private static final String AGENT = "io.floodlock.runtime.";

    private CallSite() {}

    /** As {@code com.shop.Orders.place}. */
    static String outsideAgent() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame -> !frame.getClassName().startsWith(AGENT))
                        .findFirst()
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .orElse("?"));
    }
}
