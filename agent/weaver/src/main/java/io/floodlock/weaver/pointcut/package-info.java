/**
 * Matches AspectJ pointcuts against class files: AspectJ's parser reads the text, and this package does the matching.
 * No class is loaded or resolved. Start at Pointcut.
 */
package io.floodlock.weaver.pointcut;
