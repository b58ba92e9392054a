/** What every example needs around it: JVMs with the agent, a progress bar, tables. */
package io.floodlock.examples.kit;
