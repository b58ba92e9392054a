package io.floodlock.runtime.queue.method;

/** The failure of a run whose call returned although its body did not begin. It is final: the call is not run again. */
public final class UnreachedBodyException extends Exception {

    private static final long serialVersionUID = 1L;

    UnreachedBodyException(String method, Target target) {
        super(text(method, target), null, false, false);
    }

    static String text(String method, Target target) {
        return "the call of " + method
                + (target.instance() == null
                        ? ""
                        : " through " + target.instance().getClass().getName())
                + " returned, but the method's body did not run: an interceptor answers in its place, or runs it later"
                + " on another thread (for example @Async). Put @Queued on a method that this interceptor does not"
                + " surround, or remove the interceptor; the queue itself is asynchronous";
    }

    @Override
    public String toString() {
        return getMessage();
    }
}
