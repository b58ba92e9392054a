/** Test application that opens its connections through pools and wrappers of many kinds and versions. */
package io.floodlock.pools;
