/** An application that takes its connections from pools and wrappers of many kinds and ages. */
package io.floodlock.pools;
