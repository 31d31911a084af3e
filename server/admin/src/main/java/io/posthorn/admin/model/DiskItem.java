package io.posthorn.admin.model;

import java.util.List;

/**
 * What holds the disk.
 *
 * @param folder the folder of the data
 * @param free how many bytes of its disk are free
 * @param freeMin with less, persistent messages are refused
 * @param pressure why senders are refused now; null when they are not
 * @param journal what survives a restart
 * @param scratch what does not, and did not fit into memory
 * @param pagesToClear pages of purged and dropped queues whose messages still count as needed; falls by itself
 * @param preparedBytes messages of prepared transactions
 * @param memoryIndexBytes how much memory the lists of waiting messages take
 * @param largest the queues and durable subscriptions that hold most, the largest first
 */
public record DiskItem(
        String folder,
        long free,
        long freeMin,
        String pressure,
        LogItem journal,
        LogItem scratch,
        int pagesToClear,
        long preparedBytes,
        long memoryIndexBytes,
        List<Holder> largest) {

    /** A queue or durable subscription; {@code bytes} is how long its messages are together. */
    public record Holder(String what, long messages, long bytes) {}

    /**
     * One log.
     *
     * @param segments how many files it has
     * @param bytes about how many bytes stand in them
     * @param neededBytes how many of these are needed
     */
    public record LogItem(int segments, long bytes, long neededBytes) {}
}
