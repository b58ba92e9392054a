/** Writes the woven code. Start at WovenSite, then ScopeWeaver. */
package io.floodlock.weaver.code;
