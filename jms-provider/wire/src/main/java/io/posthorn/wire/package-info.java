/**
 * The protocol between clients and server, free of I/O and of JMS types: {@code frame} holds what crosses a socket,
 * {@code message} how a message is laid out in bytes, {@code selector} the condition language over those bytes.
 */
package io.posthorn.wire;
