package io.floodlock.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * What a {@link WireProxy} does to a message it recognises. It does nothing until its last word, which says what happens:
 * {@link #cut()}, {@link #cutReply()}, {@link #delay}, {@link #hold()}, {@link #replace} or {@link #pass()}. Strikes once,
 * at the first such message, unless told otherwise. Not thread-safe until then, and not used any more from then on.
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
    private String said;
    private String heard;

    WireRule(WireProxy proxy, Predicate<String> pattern, boolean forReplies) {
        this.proxy = proxy;
        this.pattern = pattern;
        this.forReplies = forReplies;
    }

    /** Strikes at that one of the messages it recognises, counted from 1 over all connections. */
    public WireRule nth(int value) {
        nth = value;
        return this;
    }

    /** Strikes at all further ones too. */
    public WireRule always() {
        always = true;
        return this;
    }

    /** Does that first, while the message waits: kill a process, say. */
    public WireRule doing(Runnable value) {
        task = value;
        return this;
    }

    /** The connection breaks in place of the message: a statement never reaches the server, a reply never the client. */
    public void cut() {
        arm(Kind.CUT);
    }

    /** The server runs the statement, and the connection breaks in place of its reply. */
    public void cutReply() {
        if (forReplies) {
            throw new IllegalStateException("a reply has no reply; cut() breaks the connection in its place");
        }
        arm(Kind.CUT_REPLY);
    }

    /** The message, and what its sender sends after it on that connection, comes later by that. */
    public void delay(Duration value) {
        delay = value;
        arm(Kind.DELAY);
    }

    /** The message waits here, with what its sender sends after it on that connection. */
    public HeldMessage hold() {
        held = new HeldMessage();
        arm(Kind.HOLD);
        return held;
    }

    /** The message says something else, of the same length, so that frames stay whole. */
    public void replace(String what, String by) {
        if (what.length() != by.length()) {
            throw new IllegalArgumentException(what + " and " + by + " differ in length");
        }
        said = what;
        heard = by;
        arm(Kind.REPLACE);
    }

    /** The message passes. */
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

    /** Whether it strikes at this one. */
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

    /** Does what is done while the message waits. */
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

    /** Bytes are seen as ISO 8859-1 text, so that nothing but what is meant changes. */
    byte[] replaced(byte[] message) {
        return new String(message, StandardCharsets.ISO_8859_1)
                .replace(said, heard)
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
