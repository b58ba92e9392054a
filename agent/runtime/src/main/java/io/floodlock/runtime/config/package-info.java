/** The agent's configuration. Start at {@code SettingsLoader}, then {@code Settings}. */
package io.floodlock.runtime.config;
