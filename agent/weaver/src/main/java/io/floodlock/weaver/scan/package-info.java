/** What a class file declares, and whether it concerns the agent. Start at ConstantPool, then ClassScanner. */
package io.floodlock.weaver.scan;
