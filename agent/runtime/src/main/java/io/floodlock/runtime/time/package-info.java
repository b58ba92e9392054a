/** Clock and scheduler, which tests replace. */
package io.floodlock.runtime.time;
