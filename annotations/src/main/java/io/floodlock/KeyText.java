package io.floodlock;

/**
 * A value that may be used in a key; the application is responsible for its text. Without this interface, only
 * strings, integers, {@code BigDecimal}, enums, {@code UUID}, {@code Boolean}, {@code Character} and the types of
 * {@code java.time} are allowed.
 *
 * <pre>record OrderId(UUID value) implements KeyText {
 *     public String keyText() { return value.toString(); }
 * }</pre>
 *
 * <p>A path that names a component, as {@code {order.id.value}}, has the same effect without this interface. If
 * values of two types are used in keys of one template, their texts must differ too.
 */
public interface KeyText {

    /**
     * The text of this value in a key. Equal values must return equal texts in every JVM, so the text must not depend
     * on a time zone, a locale, the order of a set or the JDK's version. Called on the caller's thread before the
     * locks are acquired; must not block.
     *
     * @return any text but null; Floodlock escapes it
     */
    String keyText();
}
