package io.posthorn.journal.segment;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Segment files that are open for reading; when there are too many, the one that was used longest ago is closed. For
 * any
 * thread. The monitor guards the table; files are opened and closed outside of it.
 */
public final class SegmentReaders {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentReaders.class);

    private final LogFolder folder;
    private final int openMax;
    private final Map<Long, Reader> open = new LinkedHashMap<>(16, 0.75f, true);

    public SegmentReaders(LogFolder folder, int openMax) {
        this.folder = folder;
        this.openMax = openMax;
    }

    /** A file in use by so many readers; closed by the last one after it left the table. */
    static final class Reader {
        private final LogFile file;
        private final long length;
        private int users;
        private boolean removed;

        private Reader(LogFile file, long length) {
            this.file = file;
            this.length = length;
        }

        LogFile file() {
            return file;
        }

        long length() {
            return length;
        }
    }

    /** The file of a segment, to be {@link #release}d. */
    Reader acquire(long segment) throws JournalException, IOException {
        Reader found = use(segment);
        if (found != null) {
            return found;
        }
        LogFile file;
        try {
            file = folder.open(SegmentNames.segment(segment));
        } catch (NoSuchFileException e) {
            Site site = Site.of(folder, segment);
            throw Site.damaged(site.folder(), "The file " + site.place() + " is gone");
        }
        return enter(segment, new Reader(file, file.length()));
    }

    private synchronized Reader use(long segment) {
        Reader reader = open.get(segment);
        if (reader != null) {
            reader.users++;
        }
        return reader;
    }

    private Reader enter(long segment, Reader opened) {
        Reader unused = null;
        Reader entered;
        synchronized (this) {
            entered = open.get(segment);
            if (entered == null) {
                entered = opened;
                open.put(segment, opened);
                unused = removeEldest();
            } else {
                unused = opened;
            }
            entered.users++;
        }
        close(unused);
        return entered;
    }

    /** The reader that has to go and is used by nobody, or null. */
    private Reader removeEldest() {
        if (open.size() <= openMax) {
            return null;
        }
        Iterator<Reader> readers = open.values().iterator();
        Reader eldest = readers.next();
        readers.remove();
        eldest.removed = true;
        return eldest.users == 0 ? eldest : null;
    }

    void release(Reader reader) {
        boolean last;
        synchronized (this) {
            reader.users--;
            last = reader.removed && reader.users == 0;
        }
        if (last) {
            close(reader);
        }
    }

    /** The segment is gone. */
    public void forget(long segment) {
        Reader unused;
        synchronized (this) {
            Reader reader = open.remove(segment);
            if (reader != null) {
                reader.removed = true;
            }
            unused = reader != null && reader.users == 0 ? reader : null;
        }
        close(unused);
    }

    public void close() {
        Long[] segments;
        synchronized (this) {
            segments = open.keySet().toArray(Long[]::new);
        }
        for (long segment : segments) {
            forget(segment);
        }
    }

    private void close(Reader unused) {
        if (unused != null) {
            try {
                unused.file.close();
            } catch (IOException e) {
                LOG.warn("Cannot close a segment file in {}", folder.place(), e);
            }
        }
    }
}
