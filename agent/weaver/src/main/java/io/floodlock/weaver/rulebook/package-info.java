/** Applies the rules of a rules file to classes as they load. Start at {@code RuleBook}, then {@code FileRules}. */
package io.floodlock.weaver.rulebook;
