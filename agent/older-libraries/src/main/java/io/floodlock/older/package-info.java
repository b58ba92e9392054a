/** Test application that itself uses older versions of the libraries that the agent contains. */
package io.floodlock.older;
