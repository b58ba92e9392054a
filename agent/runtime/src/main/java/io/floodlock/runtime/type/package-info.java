/** What the name of a class tells about it. Start at {@code GeneratedClasses}. */
package io.floodlock.runtime.type;
