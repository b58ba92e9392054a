/** Reads rules files, which protect methods without annotations. Start at {@code RuleFile}, then {@code RuleLine}. */
package io.floodlock.weaver.rules;
