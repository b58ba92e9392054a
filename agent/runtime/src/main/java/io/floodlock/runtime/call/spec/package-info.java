/**
 * What a woven call site tells the runtime of its method, and the plans that are made of it. The weaver sees this package
 * only. Start at CallSpec, then CallPlan.
 */
package io.floodlock.runtime.call.spec;
