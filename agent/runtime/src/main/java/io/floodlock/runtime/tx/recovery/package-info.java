/** Branches left behind by JVMs that ended: found, decided and finished. Start at Recovery. */
package io.floodlock.runtime.tx.recovery;
