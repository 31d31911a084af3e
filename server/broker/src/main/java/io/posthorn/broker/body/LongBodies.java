package io.posthorn.broker.body;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.Manifest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which entries of a queue have a body that is apart, and need it. Costs nothing where there are none. */
public final class LongBodies {

    private final Map<Long, BodyHold> holds = new LinkedHashMap<>();
    private Bodies bodies;
    private long bytes;

    /** How much a message counts for: its length, and that of its body where that is apart. */
    public static long bytesOf(Envelope envelope) {
        return envelope.length()
                + (envelope.bodyIsApart() ? Manifest.of(envelope).length() : 0);
    }

    /** Before the first entry with such a body. */
    public void areIn(Bodies all) {
        bodies = all;
    }

    /** An entry needs the body that its envelope names. */
    public void hold(long entry, Envelope envelope, boolean logged) {
        BodyHold hold = bodies.hold(envelope, logged);
        if (hold != null) {
            put(entry, hold);
        }
    }

    /** An entry needs what it needs by another reading of the log. */
    public void adopt(long entry, BodyHold known) {
        put(entry, bodies.adopt(known));
    }

    /** Entries need what a checkpoint says that they do. */
    public void restore(Map<Long, BodyHold> known) {
        known.forEach(this::put);
    }

    private void put(long entry, BodyHold hold) {
        BodyHold before = holds.put(entry, hold);
        bytes += hold.body().length() - (before == null ? 0 : before.body().length());
    }

    /** These entries are gone. */
    public void release(EntryRanges gone) {
        if (!holds.isEmpty()) {
            gone.forEach(this::release);
        }
    }

    private void release(long entry) {
        BodyHold hold = holds.remove(entry);
        if (hold != null) {
            bytes -= hold.body().length();
            bodies.release(hold);
        }
    }

    /** The same for all that are in the log, or all that are not, but for these. */
    public void releaseAllBut(EntryRanges kept, boolean logged) {
        holds.entrySet().stream()
                .filter(hold -> hold.getValue().logged() == logged && !kept.contains(hold.getKey()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::release);
    }

    /** All entries are gone. */
    public void releaseAll() {
        holds.keySet().stream().toList().forEach(this::release);
    }

    /** As {@link #releaseAll}, when the log is about to tell anew who needs what. */
    public void forget() {
        holds.clear();
        bytes = 0;
    }

    /** The entries, as they stand. */
    public Map<Long, BodyHold> holds() {
        return Collections.unmodifiableMap(holds);
    }

    /** How long all these bodies are together; one that several entries of the queue need counts for each. */
    public long bytes() {
        return bytes;
    }

    /** How long the body of an entry is; 0 when it is with it. */
    public long bytes(long entry) {
        BodyHold hold = holds.isEmpty() ? null : holds.get(entry);
        return hold == null ? 0 : hold.body().length();
    }

    /** What an entry needs; null when its body is with it. */
    public BodyHold of(long entry) {
        return holds.get(entry);
    }
}
