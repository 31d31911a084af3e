package io.posthorn.broker.lane;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Pages whose entries are in no queue any more, while the account of the log still counts them: which messages they are only
 * the page says, and reading thousands of pages takes its time. Part of the durable state, so that a restart goes on with it.
 */
public final class Rubble {

    private final ArrayDeque<Leftover> waiting = new ArrayDeque<>();
    private final Map<Long, Leftover> asked = new LinkedHashMap<>();

    /**
     * A page.
     *
     * @param position where it stands
     * @param bytes its length, as it is accounted for
     * @param first the number that its entries begin with
     */
    public record Leftover(long position, int bytes, long first) {}

    public void add(Leftover page) {
        waiting.add(page);
    }

    /** How many pages are left. */
    public int count() {
        return waiting.size() + asked.size();
    }

    /** How many of them are being read. */
    public int askedCount() {
        return asked.size();
    }

    /** The next page to read, or null. */
    public Leftover ask() {
        Leftover page = waiting.poll();
        if (page != null) {
            asked.put(page.position(), page);
        }
        return page;
    }

    /** The page at this position, which was asked for, is done with; null when it was not asked for. */
    public Leftover take(long position) {
        return asked.remove(position);
    }

    /** All pages that are left. */
    public List<Leftover> all() {
        return Stream.concat(asked.values().stream(), waiting.stream()).toList();
    }

    public void clear() {
        waiting.clear();
        asked.clear();
    }
}
