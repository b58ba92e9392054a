/**
 * Access to the JVM: class files of loaded classes, lookups, and the class that woven code calls. Start at {@code
 * Dispatcher}, then {@code PrivateLookups} and {@code ClassFileSource}.
 */
package io.floodlock.weaver.load;
