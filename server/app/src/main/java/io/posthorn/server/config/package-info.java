/**
 * Settings: where they come from (file, environment, system properties, command line), what they may be, and what to say
 * when they are wrong. No threads, nothing is started here. Begin with {@link io.posthorn.server.config.Key}, the table
 * of all settings, and {@link io.posthorn.server.config.SettingsLoader}.
 */
package io.posthorn.server.config;
