/**
 * Real servers and forked JVMs that tests, examples and fault runs start, stop, pause and kill, and proxies that
 * break their connections. Start with {@link io.floodlock.testkit.RedisServer},
 * {@link io.floodlock.testkit.ForkedJvm} and {@link io.floodlock.testkit.WireProxy}.
 */
package io.floodlock.testkit;
