package io.posthorn.admin.model;

/** A topic; {@code depth} counts the messages in all of its subscriptions. */
public record TopicItem(String name, boolean temporary, int subscriptions, int consumers, long depth) {}
