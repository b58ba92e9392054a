/** Writes the woven code. Start at {@code WovenSite}, then {@code ScopeWeaver}. */
package io.floodlock.weaver.code;
