/**
 * The API that an application compiles against: four annotations, the exceptions that report failures, and the facade
 * {@link io.floodlock.Floodlock}, which also locks keys that are known only at run time.
 *
 * <p>The annotations have no effect by themselves. In an application started with
 * {@code -javaagent:floodlock-agent.jar}, the agent weaves annotated methods while their classes load. Without the
 * agent they run as written, unprotected. {@link io.floodlock.Floodlock#requireAgent()} turns this silent failure
 * into an error.
 *
 * <p>The annotations have class retention: the agent reads the bytes of the class file, and no code needs them at run
 * time by reflection.
 *
 * <p>The package {@code io.floodlock.processor} checks {@code @Queued} methods while they are compiled.
 *
 * <p>Start at {@code PessimisticLock}, then {@code SharedLock}, {@code Queued}, {@code DistributedTx} and
 * {@code Floodlock}.
 */
package io.floodlock;
