/** Reads class files as bytes, before any object is created for them. */
package io.floodlock.weaver.classfile;
