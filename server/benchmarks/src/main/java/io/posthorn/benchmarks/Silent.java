package io.posthorn.benchmarks;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Rubble;
import io.posthorn.broker.lane.Space;
import io.posthorn.broker.queue.Courier;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;

/** The rest of a broker that has nothing to do. */
final class Silent implements Courier {

    private static final Space NOWHERE = new Space() {
        @Override
        public void retained(long position, int bytes) {
            // nothing is written
        }

        @Override
        public void released(long position, int bytes) {
            // nothing is written
        }

        @Override
        public void leave(Rubble.Leftover page) {
            // nothing is written
        }
    };

    @Override
    public long nowMs() {
        return 0;
    }

    @Override
    public void settle(MessageQueue of, EntryRanges entries) {
        throw new IllegalStateException("nothing expires");
    }

    @Override
    public long raiseDeliveryMark(MessageQueue of, long mark) {
        of.deliveryMark(mark);
        return 0;
    }

    @Override
    public void deadLetter(MessageQueue of, long entry, Death death, Envelope dead) {
        throw new IllegalStateException("nothing dies");
    }

    @Override
    public void load(MessageQueue of, EntryBlock block, int index) {
        throw allInMemory();
    }

    @Override
    public void loadPage(MessageQueue of, EntryBlock block) {
        throw allInMemory();
    }

    @Override
    public Rows readPage(MessageQueue of, EntryBlock block) {
        throw allInMemory();
    }

    @Override
    public boolean storePage(MessageQueue of, EntryBlock block) {
        throw allInMemory();
    }

    @Override
    public long spill(Content content, long gate) {
        throw allInMemory();
    }

    private static IllegalStateException allInMemory() {
        return new IllegalStateException("everything is in memory");
    }

    @Override
    public void wakeAt(MessageQueue of, long timeMs) {
        // the clock stands still
    }

    @Override
    public Space space(boolean durable) {
        return NOWHERE;
    }
}
