package io.posthorn.admin.model;

import java.util.Map;

/**
 * A message that waits.
 *
 * @param entry its number in its queue
 * @param id its JMSMessageID, or null
 * @param sent its JMSTimestamp
 * @param kind what kind of body it has
 * @param length how many bytes it has in all
 * @param text the beginning of a text body; null for others
 */
public record MessageItem(
        long entry,
        String id,
        String sent,
        int priority,
        boolean persistent,
        String kind,
        int length,
        boolean redelivered,
        Map<String, String> properties,
        String text) {}
