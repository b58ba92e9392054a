package io.floodlock;

/**
 * A value that may stand in a key: the application answers for its text. Without it only texts, integers, {@code BigDecimal},
 * enums, {@code UUID}, {@code Boolean}, {@code Character} and the types of {@code java.time} may.
 *
 * <pre>record OrderId(UUID value) implements KeyText {
 *     public String keyText() { return value.toString(); }
 * }</pre>
 *
 * <p>A component named by the path, as {@code {order.id.value}}, does the same without this interface. Where values of two
 * types meet in keys of one template, their texts must differ too.
 */
public interface KeyText {

    /**
     * The text of this value in a key. Equal values must answer equal texts, in every JVM: nothing that depends on a time zone,
     * a locale, the order of a set or the JDK's version. Called on the caller's thread before the locks are taken; must not
     * block.
     *
     * @return any text but null; it is escaped where it is used
     */
    String keyText();
}
