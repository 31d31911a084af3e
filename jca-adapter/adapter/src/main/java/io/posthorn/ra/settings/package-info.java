/**
 * What containers configure, and what becomes of it: the beans' common properties and how those of the resource adapter, of a factory and
 * of an endpoint come together in one client. No threads; knows nothing of connections that are open. Begin with {@link
 * io.posthorn.ra.settings.ConnectionProperties}.
 */
package io.posthorn.ra.settings;
