/**
 * The weaver's decisions, as data and as text; the same at load time and for an archive that is not started. Start at
 * {@code WeavingDecision}, then {@code DecisionText} and {@code Overrides}.
 */
package io.floodlock.weaver.explain;
