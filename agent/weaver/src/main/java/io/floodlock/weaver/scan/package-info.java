/**
 * Reads what a class file declares, and decides whether it concerns the agent. Start at {@code ConstantPool}, then
 * {@code ClassScanner}.
 */
package io.floodlock.weaver.scan;
