/** Classes of the application by their names. Start at {@code GeneratedClasses}, then {@code LibraryMethods}. */
package io.floodlock.runtime.type;
