/** The weaver's decisions, as data and as text; the same at load time and for an archive that is not started. */
package io.floodlock.weaver.explain;
