/**
 * Matches AspectJ pointcuts against class files: AspectJ's parser reads the text, and this package does the matching.
 * No class is loaded or resolved. Start at {@code Pointcut}, then {@code ClassSketch} for the quick test and {@code
 * Subject} for the full one.
 */
package io.floodlock.weaver.pointcut;
