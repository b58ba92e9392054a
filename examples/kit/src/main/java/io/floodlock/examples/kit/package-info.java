/** Common parts of all examples: JVMs with the agent, a progress bar, tables. */
package io.floodlock.examples.kit;
