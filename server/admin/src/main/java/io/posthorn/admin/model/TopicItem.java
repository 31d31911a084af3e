package io.posthorn.admin.model;

/** A topic; {@code messages} are those of all its subscriptions. */
public record TopicItem(String name, boolean temporary, int subscriptions, int consumers, Stock messages) {}
