/**
 * Reads what a class file declares, and decides whether it concerns the agent. Start at ConstantPool, then
 * ClassScanner.
 */
package io.floodlock.weaver.scan;
