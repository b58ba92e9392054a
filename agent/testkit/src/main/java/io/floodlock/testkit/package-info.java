/** Real servers and forked JVMs that tests, examples and fault runs start, stop, pause and kill. */
package io.floodlock.testkit;
