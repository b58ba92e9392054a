package io.floodlock.runtime.call.support;

/**
 * Keeps an object alive for as long as the class of the call site that it is bound to, even if all other references to
 * the object are weak. {@code WovenRuntime} keeps in this way the state that belongs to one copy of Spring.
 */
public record SiteAnchor(Object kept) {

    /** The target of the call site. It does nothing: linking the site has done all the work. */
    public void known() {}
}
