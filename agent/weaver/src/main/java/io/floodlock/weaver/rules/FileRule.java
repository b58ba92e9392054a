package io.floodlock.weaver.rules;

import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.pointcut.Pointcut;

/**
 * A line of a rules file.
 *
 * @param text the pointcut as written
 */
public record FileRule(Rule rule, Pointcut pointcut, String text) {}
