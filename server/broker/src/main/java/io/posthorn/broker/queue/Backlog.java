package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Lane;
import io.posthorn.broker.lane.PageCodec;
import io.posthorn.broker.lane.Rows;
import io.posthorn.broker.lane.Slot;
import io.posthorn.broker.lane.Timetable;
import io.posthorn.broker.limit.Fullness;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of a queue as blocks and pages: pages that were written or come back, what is due in a block, messages that
 * stand somewhere else in the log. Runs on the broker's driver.
 */
public final class Backlog {

    /** No entry has this number. */
    public static final long NO_ENTRY = -1;

    private final MessageQueue queue;
    private final Entries entries;
    private final Timetable timetable;
    private final Courier courier;

    Backlog(MessageQueue queue, Entries entries, Timetable timetable, Courier courier) {
        this.queue = queue;
        this.entries = entries;
        this.timetable = timetable;
        this.courier = courier;
    }

    /** How many messages could be delivered now. */
    public long readyCount() {
        return entries.ready();
    }

    /** How many messages somebody holds. */
    public long takenCount() {
        return entries.sum(Lane::taken);
    }

    /** How long all messages are together, in bytes, with their bodies wherever these are. */
    public long contentBytes() {
        return entries.sum(Lane::contentBytes) + queue.longBodies().bytes();
    }

    /** How long the messages of these entries are, as far as they are there. */
    public long contentBytes(EntryRanges of) {
        long[] bytes = {0};
        of.forEach(entry -> {
            if (entries.find(entry)) {
                bytes[0] += entries.found.block().length(entries.found.index())
                        + queue.longBodies().bytes(entry);
            }
        });
        return bytes[0];
    }

    /** When the oldest message was sent, seconds since 1970; 0 when there is none. */
    public long oldestSentS() {
        long oldest = Long.MAX_VALUE;
        for (Lane lane : entries.lanes()) {
            EntryBlock block = lane == null ? null : lane.blocks().head();
            while (block != null && block.live() == 0) {
                block = block.next();
            }
            oldest = block == null ? oldest : Math.min(oldest, PageCodec.sentS(block));
        }
        return oldest == Long.MAX_VALUE ? 0 : oldest;
    }

    /** The lanes of entries that are in the log, or of those that are not, as far as there have been any. */
    public List<Lane> lanes(boolean logged) {
        List<Lane> lanes = new ArrayList<>();
        for (Lane lane : entries.lanes()) {
            if (lane != null && lane.isDurable() == logged) {
                lanes.add(lane);
            }
        }
        return lanes;
    }

    /** In how many blocks the entries are. */
    public int blockCount() {
        return (int) entries.sum(lane -> blockCount(lane, false));
    }

    /** How many of the blocks are in memory. */
    public int residentCount() {
        return (int) entries.sum(lane -> blockCount(lane, true));
    }

    private static int blockCount(Lane lane, boolean residentOnly) {
        int count = 0;
        for (EntryBlock block = lane.blocks().head(); block != null; block = block.next()) {
            count += block.live() > 0 && (block.isResident() || !residentOnly) ? 1 : 0;
        }
        return count;
    }

    /** Notes when the message of an entry was sent; one that does not say so is as old as it is known here. */
    void sent(EntryBlock block, int index, Envelope envelope) {
        long sentMs = envelope.timestamp() > 0 ? envelope.timestamp() : courier.nowMs();
        block.rows().sentS(index, (int) Math.min(Integer.MAX_VALUE, sentMs / 1000));
    }

    /** All entries that somebody holds, those in the log or the others. */
    public EntryRanges taken(boolean durable) {
        EntryRanges.Builder taken = new EntryRanges.Builder();
        for (Lane lane : entries.lanes()) {
            boolean looked = lane != null && lane.isDurable() == durable && lane.taken() > 0;
            for (EntryBlock block = looked ? lane.blocks().head() : null; block != null; block = block.next()) {
                block.forEachTaken(taken::add);
            }
        }
        return taken.build();
    }

    /** Takes out all that is in the log, or all that is not, but for these few entries. */
    public void purge(boolean durable, EntryRanges kept) {
        for (Lane lane : entries.lanes()) {
            if (lane != null && lane.isDurable() == durable) {
                lane.purge(kept);
            }
        }
        queue.longBodies().releaseAllBut(kept, durable);
    }

    /** Something went out, so the queue may not be full any more. */
    void noticeRoom() {
        Fullness fullness = queue.fullness();
        if (fullness != null && fullness.sinceMs() != 0) {
            fullness.left(entries.live(), contentBytes(), courier.nowMs());
        }
    }

    /** What was taken out is not waited for any more. */
    public void purged() {
        noticeRoom();
        queue.offer();
        entries.pageCame();
        queue.dealer().goOn();
    }

    /** Puts an entry between others that came earlier, for whoever puts a queue together anew, without accounting for it. */
    public void adopt(long entry, long position, Envelope envelope) {
        EntryBlock block = entries.laneFor(envelope.priority(), true).adopt(entry, position, envelope.length());
        block.rows().sentS(0, (int) Math.min(Integer.MAX_VALUE, Math.max(0, envelope.timestamp()) / 1000));
        if (envelope.expiration() != 0) {
            block.expiration(0, envelope.expiration());
        }
    }

    /** A block of a lane stands in a page at this position of the log. */
    public void stored(int priority, boolean logged, StoredPage page) {
        entries.laneFor(priority, logged).stored(page.first(), page.entries().length, page.position());
    }

    /** The same, as the log says at recovery. */
    public void replayPage(int priority, StoredPage page) {
        entries.laneFor(priority, true).replace(page.first(), page.last(), page.entries(), page.position());
    }

    /** A block's entries in bytes, and where these stand. */
    public record StoredPage(long first, long last, byte[] entries, long position) {}

    /** A block came from the log at recovery: what is due in it is not forgotten. */
    void restored(EntryBlock block) {
        long earliestMs =
                block.isResident() ? PageCodec.earliestMs(block) : block.page().earliestMs();
        if (earliestMs < block.wakeAtMs()) {
            timetable.expires(block, earliestMs);
            queue.schedule();
        }
    }

    /** The first of two blocks is looked through when either of them was to be. */
    void joined(EntryBlock block, EntryBlock second) {
        if (second.wakeAtMs() < block.wakeAtMs()) {
            timetable.becomesReady(block, second.wakeAtMs());
        }
    }

    /** A page that was asked for. */
    public void onPage(EntryBlock block, Rows rows) {
        block.lane().load(block, rows);
        onPageGone(block);
    }

    /** A page that is not wanted any more: all of it was taken out meanwhile, or its block was read at once. Who waits goes on. */
    public void onPageGone(EntryBlock block) {
        block.expectPage(false);
        if (block.wakeAtMs() == EntryBlock.OVERDUE) {
            block.wakeAtMs(EntryBlock.NEVER);
            if (block.isResident()) {
                lookThrough(block, courier.nowMs());
                queue.schedule();
            }
        }
        goOn();
    }

    /** A page that cannot be read: what is in it is kept back, untouched, and nobody waits for it. */
    public void onPageFailed(EntryBlock block) {
        block.wakeAtMs(EntryBlock.NEVER);
        block.lane().keepBack(block);
        goOn();
    }

    private void goOn() {
        queue.offer(); // first, or who waits would be told that there is nothing
        entries.pageCame();
        queue.dealer().goOn();
    }

    /** True when an entry became ready. */
    boolean lookThrough(EntryBlock block, long nowMs) {
        EntryRanges.Builder expired = new EntryRanges.Builder();
        long nextReadyMs = EntryBlock.NEVER;
        long nextExpiryMs = EntryBlock.NEVER;
        boolean woken = false;
        for (int index = 0; index < block.size(); index++) {
            int state = block.state(index);
            long expiration = state == EntryBlock.GONE || state == EntryBlock.TAKEN ? 0 : block.expiration(index);
            if (expiration != 0 && expiration <= nowMs) {
                expired.add(block.id(index));
                continue;
            }
            nextExpiryMs = expiration == 0 ? nextExpiryMs : Math.min(nextExpiryMs, expiration);
            if (state == EntryBlock.DELAYED && block.due(index) > nowMs) {
                nextReadyMs = Math.min(nextReadyMs, block.due(index));
            } else if (state == EntryBlock.DELAYED) {
                entries.state(block, index, EntryBlock.READY);
                queue.dealer().noticeReady(block, index);
                woken = true;
            }
        }
        if (nextExpiryMs != EntryBlock.NEVER || !expired.isEmpty()) {
            timetable.swept(nowMs);
        }
        timetable.becomesReady(block, nextReadyMs);
        timetable.expires(block, nextExpiryMs);
        expire(block, expired.build());
        return woken;
    }

    /** These entries of a block have expired. */
    void expire(EntryBlock block, EntryRanges expired) {
        if (!expired.isEmpty()) {
            queue.tally().expired(expired.count());
            if (queue.settings().buriesExpired()) {
                expired.forEach(queue.redelivery()::expire);
            } else if (block.isDurable()) {
                courier.settle(queue, expired);
            } else {
                queue.settle(expired);
            }
        }
    }

    /** Drops the oldest messages that nobody holds until the queue is within its limits; one is always left. */
    public void trim() {
        EntryRanges.Builder logged = new EntryRanges.Builder();
        Slot oldest = new Slot();
        long messages = entries.live();
        long bytes = contentBytes();
        while (messages > 1 && !queue.fullness().fits(messages, bytes) && entries.oldestReady(oldest)) {
            EntryBlock block = oldest.block();
            queue.fullness().hit(messages, bytes, courier.nowMs());
            queue.tally().dropped();
            messages--;
            long entry = block.id(oldest.index());
            bytes -= block.length(oldest.index()) + queue.longBodies().bytes(entry);
            entries.state(block, oldest.index(), EntryBlock.TAKEN);
            if (block.isDurable()) {
                logged.add(entry);
            } else {
                queue.settle(EntryRanges.of(entry));
            }
        }
        if (!logged.isEmpty()) {
            courier.settle(queue, logged.build());
        }
    }

    /**
     * Where a message can be read back.
     *
     * @param content the message itself, if it is in memory
     */
    public record Place(boolean durable, long position, Content content) {}

    /** Where the message of an entry is; null when there is no such entry. The page that it may be in is read for that. */
    public Place placeOf(long entry) {
        if (!entries.find(entry)) {
            return null;
        }
        EntryBlock block = entries.found.block();
        int index = entries.found.index();
        return new Place(block.isDurable(), block.position(index), block.content(index));
    }

    /**
     * The block in which an entry of this priority is that is in the log, or that is not ({@code logged}), if it is there; null
     * when it is not.
     */
    public EntryBlock blockOf(boolean logged, int priority, long entry) {
        Lane lane = entries.lane(priority, logged);
        EntryBlock block = lane == null ? null : lane.blocks().of(entry);
        return block == null || block.live() == 0 ? null : block;
    }

    /** Asks for the page of a block. */
    public void ask(EntryBlock block) {
        entries.ask(block);
    }

    /** Whether there is this entry, and its message stands at this position of its log. */
    public boolean isAt(boolean logged, int priority, long entry, long position) {
        EntryBlock block = blockOf(logged, priority, entry);
        if (block == null || !block.lane().fetch(block)) {
            return false;
        }
        int index = block.rows().find(entry);
        return index >= 0 && block.state(index) != EntryBlock.GONE && block.position(index) == position;
    }

    /** The entry whose message stands at this position of the log, or {@link #NO_ENTRY}. */
    public long entryAt(int priority, long position) {
        Lane lane = entries.lane(priority, true);
        for (EntryBlock block = lane == null ? null : lane.blocks().head(); block != null; block = block.next()) {
            boolean mayHold =
                    block.isResident() || (block.page() != null && block.page().mayHold(position));
            if (block.live() > 0 && mayHold && lane.fetch(block)) {
                int index = block.rows().findAt(position);
                if (index >= 0) {
                    return block.id(index);
                }
            }
        }
        return NO_ENTRY;
    }

    /** The message of an entry stands somewhere else now. */
    public void moved(boolean logged, int priority, long entry, long from, long to) {
        if (isAt(logged, priority, entry, from)) {
            EntryBlock block = blockOf(logged, priority, entry);
            int index = block.rows().find(entry);
            block.position(index, to);
            courier.space(logged).retained(to, block.length(index));
            courier.space(logged).released(from, block.length(index));
            if (!logged && block.content(index) != null) {
                block.content(index).spilledAt(to);
            }
        }
    }
}
