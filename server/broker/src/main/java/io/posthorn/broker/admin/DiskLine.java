package io.posthorn.broker.admin;

import io.posthorn.broker.StoreReport;

/**
 * What holds the disk, at one moment.
 *
 * @param journal the log that survives
 * @param scratch the log that does not
 * @param pagesToClear pages of queues that were purged or dropped whose messages still count as needed
 * @param preparedBytes messages of prepared branches
 * @param memoryIndexBytes how much memory the entries of queues take
 */
public record DiskLine(
        StoreReport.LogLine journal,
        StoreReport.LogLine scratch,
        int pagesToClear,
        long preparedBytes,
        long memoryIndexBytes) {}
