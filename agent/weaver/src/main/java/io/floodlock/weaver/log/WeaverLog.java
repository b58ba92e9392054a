package io.floodlock.weaver.log;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weaver's logger. It has a class of its own, so that a start that logs nothing does not pay for the
 * initialization of logging.
 */
public final class WeaverLog {

    public static final Logger LOG = LoggerFactory.getLogger("io.floodlock.weaver");

    private WeaverLog() {}
}
