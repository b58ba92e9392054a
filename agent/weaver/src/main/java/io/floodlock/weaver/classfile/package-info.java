/** Reads class files as bytes, before any object is created for them. The one class is {@code ClassBytes}. */
package io.floodlock.weaver.classfile;
