/**
 * What the agent does with drivers and pools while it bypasses the handles of applications: it reads their state,
 * restores settings, aborts connections, and opens connections of its own.
 */
package io.floodlock.runtime.jdbc.driver;
