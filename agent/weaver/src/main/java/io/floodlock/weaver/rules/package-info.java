/** The rules file: which methods are protected without an annotation, and how. */
package io.floodlock.weaver.rules;
