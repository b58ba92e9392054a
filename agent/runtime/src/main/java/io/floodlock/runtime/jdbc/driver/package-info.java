/** What the agent asks of drivers and pools, and opens with them, past the handles of applications. */
package io.floodlock.runtime.jdbc.driver;
