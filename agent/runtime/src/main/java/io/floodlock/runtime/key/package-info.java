/** Key templates: parsed once per call site into method handles, evaluated without reflection. */
package io.floodlock.runtime.key;
