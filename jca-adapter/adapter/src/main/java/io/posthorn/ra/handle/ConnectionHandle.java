package io.posthorn.ra.handle;

/** The connection that an application opens. */
public final class ConnectionHandle {}
