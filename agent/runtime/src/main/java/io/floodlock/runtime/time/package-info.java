/** The clock and the scheduler, which tests replace. */
package io.floodlock.runtime.time;
