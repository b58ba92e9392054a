/**
 * The annotation processor for queued methods. The compiler finds {@link io.floodlock.processor.FloodlockProcessor} in
 * this jar; no application uses the package itself. It depends on the JDK only, and nothing depends on it having run.
 *
 * <p>Its rules are those of the agent. Neither may depend on the other, so the rules stand in both, and tests of the
 * agent compare the answers.
 *
 * <p>Reading order: {@code FloodlockProcessor}, {@code QueuedElement}, {@code QueuedMethodCheck}; then
 * {@code PayloadCheck} for types and {@code KeyExpression} for keys; then {@code MessageManifest},
 * {@code ManifestBuilder} and {@code ReleasedCheck} for the manifest of messages.
 */
package io.floodlock.processor;
