/** The agent's own SLF4J provider: the application's logging stays the application's. */
package io.floodlock.weaver.log;
