package io.floodlock.weaver.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The weaver's log, in a class of its own: a start at which nothing is said shall not pay for logging. */
public final class WeaverLog {

    public static final Logger LOG = LoggerFactory.getLogger("io.floodlock.weaver");

    private WeaverLog() {}
}
