/** Calls whose results stand for work that goes on after the method has returned. */
package io.floodlock.runtime.async;
