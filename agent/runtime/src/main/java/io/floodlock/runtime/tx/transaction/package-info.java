/** One open transaction and its branches. Start at Transaction, then Enlister and Branch. */
package io.floodlock.runtime.tx.transaction;
