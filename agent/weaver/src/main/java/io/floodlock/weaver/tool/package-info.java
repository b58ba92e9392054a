/**
 * The agent's jar as a tool: {@code java -jar floodlock-agent.jar}. Never loaded when the JVM starts with the agent.
 * Start at Tool.
 */
package io.floodlock.weaver.tool;
