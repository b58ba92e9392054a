/** Rules of a file, applied to classes as they load. Start at RuleBook. */
package io.floodlock.weaver.rulebook;
