package io.posthorn.engine.command;

import io.posthorn.wire.frame.EntryRanges;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Who holds which deliveries, as a resumption finds it out. */
final class Holders {

    private final Map<Long, Held> held = new LinkedHashMap<>();
    private final Map<Object, Set<Long>> taken = new HashMap<>();

    /** What is held of one consumer. */
    record Held(ConsumerRef consumer, EntryRanges.Builder entries) {}

    /** The consumer holds these. */
    void hold(ConsumerRef consumer, EntryRanges entries) {
        if (!entries.isEmpty()) {
            EntryRanges.Builder all =
                    held.computeIfAbsent(consumer.id(), id -> new Held(consumer, new EntryRanges.Builder())).entries;
            entries.forEach(all::add);
        }
    }

    /** Those of the entries that nobody has taken yet; they are taken now. */
    EntryRanges take(ConsumerRef consumer, EntryRanges entries) {
        Set<Long> inScope = taken.computeIfAbsent(consumer.scope(), scope -> new HashSet<>());
        EntryRanges.Builder fresh = new EntryRanges.Builder();
        entries.forEach(entry -> {
            if (inScope.add(entry)) {
                fresh.add(entry);
            }
        });
        return fresh.build();
    }

    EntryRanges heldBy(long consumer) {
        Held of = held.get(consumer);
        return of == null ? EntryRanges.NONE : of.entries.build();
    }

    Collection<Held> all() {
        return held.values();
    }
}
