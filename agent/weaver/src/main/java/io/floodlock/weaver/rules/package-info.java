/** Reads rules files, which protect methods without annotations. Start at RuleFile. */
package io.floodlock.weaver.rules;
