/**
 * What an application compiles against: four annotations, the exceptions their guarantees end in, and the facade
 * {@link io.floodlock.Floodlock}, which also locks keys that are known only at run time.
 *
 * <p>The annotations do nothing by themselves. An application started with {@code -javaagent:floodlock-agent.jar} has its
 * annotated methods woven while their classes load; without the agent they run as written, unprotected.
 * {@link io.floodlock.Floodlock#requireAgent()} turns that silence into an error.
 *
 * <p>The annotations are kept in the class file and not at run time: the agent reads bytes, and nobody needs reflection.
 */
package io.floodlock;
