package io.posthorn.broker.body;

import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.message.Envelope;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which entries of a queue have a body that is apart, and need it. Costs nothing where there are none. */
public final class LongBodies {

    private final Map<Long, BodyHold> holds = new LinkedHashMap<>();
    private Bodies bodies;

    /** Before the first entry with such a body. */
    public void areIn(Bodies all) {
        bodies = all;
    }

    /** An entry needs the body that its envelope names. */
    public void hold(long entry, Envelope envelope, boolean logged) {
        BodyHold hold = bodies.hold(envelope, logged);
        if (hold != null) {
            holds.put(entry, hold);
        }
    }

    /** An entry needs what it needs by another reading of the log. */
    public void adopt(long entry, BodyHold known) {
        holds.put(entry, bodies.adopt(known));
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
    }

    /** The entries, as they stand. */
    public Map<Long, BodyHold> holds() {
        return holds;
    }

    /** What an entry needs; null when its body is with it. */
    public BodyHold of(long entry) {
        return holds.get(entry);
    }
}
