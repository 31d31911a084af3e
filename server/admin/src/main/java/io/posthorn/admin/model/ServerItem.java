package io.posthorn.admin.model;

/** The server itself. */
public record ServerItem(String version, String listensOn, String data) {}
