/**
 * Certificates and keys: read from files, read again when the files change. Files are read at start and later on the
 * login thread, never on an event loop. Begin with {@link io.posthorn.gateway.tls.TlsContext}.
 */
package io.posthorn.gateway.tls;
