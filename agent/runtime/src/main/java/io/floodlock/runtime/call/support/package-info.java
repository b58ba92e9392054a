/**
 * What all kinds of call sites use: the engines, the exceptions that a caller can catch, and the marks of the agent's
 * own calls.
 */
package io.floodlock.runtime.call.support;
