/**
 * Real servers and forked JVMs that tests, examples and fault runs start, stop, pause and kill, and proxies that
 * break their connections. Start at {@code RedisServer}, {@code ForkedJvm} and {@code WireProxy}.
 */
package io.floodlock.testkit;
