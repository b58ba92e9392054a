/** Arguments and results as bytes, decoded into declared types only. */
package io.floodlock.runtime.queue.payload;
