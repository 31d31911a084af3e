/**
 * TLS for the socket layer: reads the files that a URL names, judges the server's certificate, and says why a handshake
 * failed and what can be done. Handlers run on the event loop of their socket. It does not know frames or links. Begin
 * with {@link io.posthorn.engine.transport.tls.TlsLayer}.
 */
package io.posthorn.engine.transport.tls;
