/** What the commands of the agent's jar ask of the runtime. */
package io.floodlock.runtime.tool;
