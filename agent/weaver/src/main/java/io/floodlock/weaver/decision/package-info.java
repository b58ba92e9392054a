/** What becomes of each method, and how it is reported. */
package io.floodlock.weaver.decision;
