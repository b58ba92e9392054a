/** The agent's configuration. Start at SettingsLoader, then Settings. */
package io.floodlock.runtime.config;
