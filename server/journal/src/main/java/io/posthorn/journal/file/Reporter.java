package io.posthorn.journal.file;

import io.posthorn.journal.Journal.ProgressListener;
import io.posthorn.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the owner how far the log has come, and, once, that it comes no further. Belongs to the writer; {@code
 * listen} and
 * {@code failedBy} may be called by any thread.
 */
final class Reporter {

    private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

    private volatile ProgressListener listener;
    private volatile JournalException failure;
    private long written;
    private long synced;
    private boolean failureTold;

    Reporter(long end) {
        written = end;
        synced = end;
    }

    void listen(ProgressListener progressListener) {
        listener = progressListener;
    }

    void report(long nowWritten, long nowSynced) {
        ProgressListener told = listener;
        if (told != null && (nowWritten != written || nowSynced != synced)) {
            written = nowWritten;
            synced = nowSynced;
            told.onProgress(nowWritten, nowSynced);
        }
    }

    /** The first cause stays. */
    synchronized void failedBy(JournalException cause) {
        if (failure == null) {
            failure = cause;
            LOG.error("The journal stops: {}", cause.getMessage(), cause);
        }
    }

    JournalException failure() {
        return failure;
    }

    void reportFailure() {
        ProgressListener told = listener;
        if (!failureTold && told != null) {
            failureTold = true;
            told.onFailure(failure);
        }
    }
}
