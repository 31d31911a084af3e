package io.posthorn.journal.agent;

/**
 * The log waits for something it will get later: room for a segment or a checkpoint. Nothing is lost; what was
 * appended
 * stays staged and goes on by itself.
 *
 * @param text what is waited for, where, and the cause
 * @param sinceNs when it began, by the journal's clock ({@link System#nanoTime})
 */
public record Pressure(String text, long sinceNs) {}
