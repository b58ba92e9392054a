/** The agent's configuration. */
package io.floodlock.runtime.config;
