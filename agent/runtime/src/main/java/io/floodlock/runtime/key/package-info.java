/** Key templates: parsed once per call site into method handles, evaluated without reflection. Start at KeyTemplate. */
package io.floodlock.runtime.key;
