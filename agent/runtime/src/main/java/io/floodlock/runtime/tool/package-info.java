/** The checks and statements behind the commands {@code check} and {@code ddl} of the agent's jar. */
package io.floodlock.runtime.tool;
