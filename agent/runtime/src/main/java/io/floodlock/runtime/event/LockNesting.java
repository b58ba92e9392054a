package io.floodlock.runtime.event;

/**
 * One key acquired while another was held, when this was seen for the first time: both keys, their forms and both
 * calls. {@code InversionDetector} records such cases. An inversion is a cycle of them, see
 * {@link Events#lockOrderInverted}.
 *
 * @param outer the key that was held; {@code outerForm} is the common part of all keys built like it, {@code order:{}}
 * @param outerSite the call that held it, {@code com.shop.Orders.place}; equals {@code innerSite} if one call acquired
 *     both
 */
public record LockNesting(
        String outerForm, String outer, String outerSite, String innerForm, String inner, String innerSite) {}
