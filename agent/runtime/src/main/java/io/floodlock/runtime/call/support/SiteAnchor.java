package io.floodlock.runtime.call.support;

/** What lives as long as the class of the call site that it is bound to, however weakly others hold it. */
public record SiteAnchor(Object kept) {

    /** All that there was to do was done as the site was linked. */
    public void known() {}
}
