/** The agent's jar as a tool: {@code java -jar floodlock-agent.jar}. Never loaded by a start as an agent. */
package io.floodlock.weaver.tool;
