/**
 * Receives the weaver's decision for each method and reports it. Start at {@code Decisions}, then {@code Explaining}.
 */
package io.floodlock.weaver.decision;
