/** Receives the weaver's decision for each method and reports it. Start at Decisions. */
package io.floodlock.weaver.decision;
