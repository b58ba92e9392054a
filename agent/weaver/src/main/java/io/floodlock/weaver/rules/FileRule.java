package io.floodlock.weaver.rules;

import io.floodlock.runtime.call.spec.Rule;
import io.floodlock.weaver.pointcut.Pointcut;

/**
 * One rule of a rules file, parsed.
 *
 * @param text the pointcut as written in the file
 */
public record FileRule(Rule rule, Pointcut pointcut, String text) {}
