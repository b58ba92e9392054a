/** The entry from woven code: call sites, the order of concerns, and what a caller sees of failures. */
package io.floodlock.runtime.call;
