package io.posthorn.broker;

import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.wire.message.MalformedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what the pages of purged and deleted queues hold of a log, a few pages at a time: they are read in the
 * background, and a turn never has more than a few to go through, however deep the queue was.
 */
final class Clearance {

    /** How many pages are being read at once. */
    private static final int READ_AT_ONCE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Clearance.class);

    private final Host host;
    private final boolean durable;
    private final Space space;
    private final Rubble rubble;

    /** @param durable whether the pages are in the log that survives */
    Clearance(Host host, boolean durable, Space space, Rubble rubble) {
        this.host = host;
        this.durable = durable;
        this.space = space;
        this.rubble = rubble;
    }

    /** Asks for some pages, unless enough are awaited. */
    void work() {
        while (rubble.askedCount() < READ_AT_ONCE) {
            Rubble.Leftover page = rubble.ask();
            if (page == null) {
                return;
            }
            host.fetch(Logs.key(durable, page.position()));
        }
    }

    /** Whether this is a page that was asked for here; then what it holds is given back. */
    boolean onRecord(long key, byte[] bytes) {
        Rubble.Leftover page = take(key);
        if (page == null) {
            return false;
        }
        try {
            LogRecord record = RecordCodec.decode(bytes);
            if (!(record instanceof LogRecord.Page found)) {
                throw new MalformedException("another record stands where a page was written");
            }
            PageCodec.forEach(found.entries(), page.first(), space::released);
            space.released(page.position(), page.bytes());
        } catch (MalformedException malformed) {
            complain(page, malformed.getMessage());
        }
        return true;
    }

    boolean onFailed(long key, String cause) {
        Rubble.Leftover page = take(key);
        if (page != null) {
            complain(page, cause);
        }
        return page != null;
    }

    private Rubble.Leftover take(long key) {
        boolean mine = key == Logs.key(durable, Logs.position(key));
        return mine ? rubble.take(Logs.position(key)) : null;
    }

    private static void complain(Rubble.Leftover page, String cause) {
        LOG.error(
                "A page of a queue that was purged or deleted cannot be read, so the space of its messages from number {}"
                        + " on is not given back: {}; stop the server and run 'posthorn journal repair'",
                page.first(),
                cause);
    }
}
