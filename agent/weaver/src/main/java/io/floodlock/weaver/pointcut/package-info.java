/** AspectJ's pointcuts over class files: its parser reads them, what is here matches them; nothing is loaded or resolved. */
package io.floodlock.weaver.pointcut;
