/**
 * Key templates: parsed once per call site into method handles, evaluated without reflection. Start at {@code
 * KeyTemplate}, then {@code Key} and {@code PathBinder}.
 */
package io.floodlock.runtime.key;
