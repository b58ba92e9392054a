/** Access to the JVM: class files of loaded classes, lookups, and the class that woven code calls. */
package io.floodlock.weaver.load;
