/** Puts an application to the test that has never heard of Floodlock: two JVMs of it, one rules file, clients, an audit. */
package io.floodlock.examples.clinic;
