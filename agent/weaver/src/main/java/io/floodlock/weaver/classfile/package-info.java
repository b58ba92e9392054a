/** Class files as bytes, before anything of them is made an object. */
package io.floodlock.weaver.classfile;
