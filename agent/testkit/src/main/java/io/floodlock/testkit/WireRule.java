package io.floodlock.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * One rule of a {@link WireProxy}: it recognizes a message by its text and acts on it. A rule has no effect until its
 * last method is called, which determines the action: {@link #cut()}, {@link #cutReply()}, {@link #delay}, {@link
 * #hold()}, {@link #replace} or {@link #pass()}. It applies once, to the first matching message, unless configured
 * otherwise. Not thread-safe until that last call, after which it must not be changed.
 *
 * <pre>{@code
 * proxy.at(sql -> sql.equals("COMMIT")).nth(3).cutReply();
 * proxy.at(sql -> sql.startsWith("PREPARE TRANSACTION")).doing(jvm::kill).pass();
 * }</pre>
 */
public final class WireRule {

    private final WireProxy proxy;
    private final Predicate<String> pattern;
    private final boolean forReplies;
    private final AtomicInteger seen = new AtomicInteger();
    private int nth = 1;
    private boolean always;
    private Runnable task = () -> {};
    private Kind kind;
    private Duration delay = Duration.ZERO;
    private HeldMessage held;
    private String original;
    private String replacement;

    WireRule(WireProxy proxy, Predicate<String> pattern, boolean forReplies) {
        this.proxy = proxy;
        this.pattern = pattern;
        this.forReplies = forReplies;
    }

    /** Applies to the n-th matching message, counted from 1 over all connections. */
    public WireRule nth(int value) {
        nth = value;
        return this;
    }

    /** Applies to all further matching messages too. */
    public WireRule always() {
        always = true;
        return this;
    }

    /** Runs this task first, while the message waits; it may kill a process. */
    public WireRule doing(Runnable value) {
        task = value;
        return this;
    }

    /**
     * Breaks the connection in place of the message: a statement never reaches the server, a reply never the client.
     */
    public void cut() {
        arm(Kind.CUT);
    }

    /** Forwards the statement to the server, and breaks the connection in place of its reply. */
    public void cutReply() {
        if (forReplies) {
            throw new IllegalStateException("a reply has no reply; cut() breaks the connection in its place");
        }
        arm(Kind.CUT_REPLY);
    }

    /** Delays the message, and all later messages of its sender on that connection. */
    public void delay(Duration value) {
        delay = value;
        arm(Kind.DELAY);
    }

    /** Holds the message, and all later messages of its sender on that connection, until it is released. */
    public HeldMessage hold() {
        held = new HeldMessage();
        arm(Kind.HOLD);
        return held;
    }

    /** Replaces a part of the message by a text of the same length, so that frames stay intact. */
    public void replace(String what, String by) {
        if (what.length() != by.length()) {
            throw new IllegalArgumentException(what + " and " + by + " differ in length");
        }
        original = what;
        replacement = by;
        arm(Kind.REPLACE);
    }

    /** Forwards the message; for rules that only run a task. */
    public void pass() {
        arm(Kind.PASS);
    }

    private void arm(Kind value) {
        kind = value;
        proxy.arm(this);
    }

    boolean isForReplies() {
        return forReplies;
    }

    /** Counts a matching message, and returns whether the rule applies to it. */
    boolean strikes(String message) {
        if (!pattern.test(message)) {
            return false;
        }
        int count = seen.incrementAndGet();
        return count == nth || always && count > nth;
    }

    boolean isUsedUp() {
        return !always && seen.get() >= nth;
    }

    Kind kind() {
        return kind;
    }

    /** Runs the task, the hold and the delay while the message waits. */
    void strike() {
        task.run();
        if (held != null) {
            held.block();
        }
        if (!delay.isZero()) {
            try {
                Thread.sleep(delay.toMillis());
            } catch (InterruptedException e) {
                throw Interrupts.restored("delaying a message", e);
            }
        }
    }

    /** Replaces text in a message. Bytes are decoded as ISO 8859-1, so that all other bytes stay unchanged. */
    byte[] replaced(byte[] message) {
        return new String(message, StandardCharsets.ISO_8859_1)
                .replace(original, replacement)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    void release() {
        if (held != null) {
            held.release();
        }
    }

    enum Kind {
        CUT,
        CUT_REPLY,
        DELAY,
        HOLD,
        REPLACE,
        PASS
    }
}
