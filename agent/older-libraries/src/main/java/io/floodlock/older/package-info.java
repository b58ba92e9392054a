/** An application that uses, for itself, older versions of the libraries that the agent carries. */
package io.floodlock.older;
