/** What the weaver decides, as data and as text; the same at load time and for an archive that nobody started. */
package io.floodlock.weaver.explain;
