package io.posthorn.ra.handle;

/** The factory that an application looks up. */
public final class FactoryHandle {}
