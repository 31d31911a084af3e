/**
 * How often the adapter tries again and how often it complains: waits that grow, and lines in the log that become rare. Each object belongs to
 * one thread at a time; nothing here knows JMS, containers or sockets. Begin with {@link io.posthorn.ra.pace.Retry}.
 */
package io.posthorn.ra.pace;
