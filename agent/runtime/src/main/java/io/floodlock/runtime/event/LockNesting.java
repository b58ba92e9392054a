package io.floodlock.runtime.event;

/**
 * One key taken while another was held, as seen for the first time.
 *
 * @param outer the key that was held, and {@code outerForm} what all keys built as it have in common, {@code order:{}}
 * @param outerSite the call that held it, {@code com.shop.Orders.place}; the same as {@code innerSite} where one call took both
 */
public record LockNesting(
        String outerForm, String outer, String outerSite, String innerForm, String inner, String innerSite) {}
