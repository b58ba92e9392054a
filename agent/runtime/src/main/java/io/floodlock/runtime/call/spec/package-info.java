/**
 * The description of a method that a woven call site passes to the runtime, and the plans that are made of it. The
 * weaver uses this package and, of the rest of {@code call}, only {@code AgentRuntimes}. Start at {@code CallSpec},
 * then {@code CallPlan}.
 */
package io.floodlock.runtime.call.spec;
