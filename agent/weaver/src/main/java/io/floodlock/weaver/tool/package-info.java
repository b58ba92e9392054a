/**
 * The agent's jar as a tool: {@code java -jar floodlock-agent.jar}. Its classes are never loaded when the JVM starts
 * with the agent. Start at {@code Tool}, then {@code ExplainCommand} and {@code CheckCommand}.
 */
package io.floodlock.weaver.tool;
