/**
 * The classes that all kinds of call sites use: the engines, the exceptions that a caller can catch, and the marks of
 * the agent's own calls. Start at {@code Engines}, then {@code CallerExceptions} and {@code BodyEntry}.
 */
package io.floodlock.runtime.call.support;
