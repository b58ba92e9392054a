/** One open transaction and its branches. Start at Transaction, then Branch. */
package io.floodlock.runtime.tx.transaction;
