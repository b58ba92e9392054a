/** Applies the rules of a rules file to classes as they load. Start at RuleBook. */
package io.floodlock.weaver.rulebook;
