/** The code that is woven. Start at WovenSite, then ScopeWeaver. */
package io.floodlock.weaver.code;
