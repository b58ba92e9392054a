/** Tests an application that does not use Floodlock itself: two JVMs of it, one rules file, clients, an audit. */
package io.floodlock.examples.clinic;
