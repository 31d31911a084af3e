package io.posthorn.broker.queue;

import io.posthorn.broker.lane.Content;
import io.posthorn.broker.lane.EntryBlock;
import io.posthorn.broker.lane.Timetable;
import io.posthorn.broker.limit.DeathCause;
import io.posthorn.broker.limit.RetryRule;
import io.posthorn.wire.frame.EntryRanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of entries that come back: they return to their place, at once or after a while, or are buried in the
 * dead-letter queue. Only an attempt that was counted makes an entry wait, and it waits alone. Runs on the broker's driver.
 */
public final class Redelivery {

    private final MessageQueue queue;
    private final Entries entries;
    private final Timetable timetable;
    private final Courier courier;
    private final RetryRule rule;

    /** Entries that nobody gets any more, and whose content is awaited to be buried. */
    private final Map<Long, DeathCause> dying = new HashMap<>();

    Redelivery(MessageQueue queue, Entries entries, Timetable timetable, Courier courier) {
        this.queue = queue;
        this.entries = entries;
        this.timetable = timetable;
        this.courier = courier;
        this.rule = ruleOf(queue);
    }

    /** What cannot be delivered from the dead-letter queue stays there. */
    private static RetryRule ruleOf(MessageQueue queue) {
        RetryRule rule = queue.settings().retry();
        boolean isGraveyard =
                queue.toString().equals("queue '" + queue.settings().deadLetterQueue() + "'");
        return isGraveyard ? rule.withAttemptsMax(0) : rule;
    }

    /** Entries whose next attempt is not before this time, ms since 1970. */
    public record Postponement(EntryRanges entries, long untilMs) {}

    /** Which of these entries have to wait once another attempt is counted for each. */
    public List<Postponement> postponements(EntryRanges tried) {
        if (rule.delayMs() == 0) {
            return List.of();
        }
        Map<Long, EntryRanges.Builder> byTime = new LinkedHashMap<>();
        tried.forEach(entry -> {
            if (entries.find(entry)) {
                int attempts = entries.found.block().attempts(entries.found.index()) + 1;
                long delayMs = rule.isOver(attempts) ? 0 : rule.delayMs(attempts);
                if (delayMs > 0) {
                    byTime.computeIfAbsent(courier.nowMs() + delayMs, until -> new EntryRanges.Builder())
                            .add(entry);
                }
            }
        });
        List<Postponement> postponements = new ArrayList<>(byTime.size());
        byTime.forEach((untilMs, builder) -> postponements.add(new Postponement(builder.build(), untilMs)));
        return postponements;
    }

    /** These wait until then, whoever has them now; what nobody has leaves circulation at once. */
    public void postpone(Postponement postponement) {
        postponement.entries().forEach(entry -> {
            if (entries.find(entry)) {
                EntryBlock block = entries.found.block();
                int index = entries.found.index();
                block.due(index, postponement.untilMs());
                if (block.state(index) == EntryBlock.READY) {
                    delay(block, index);
                }
            }
        });
    }

    /**
     * Returns an entry that no consumer holds any more to its place, or buries it when it was tried too often; {@link
     * MessageQueue#offer} is for afterwards.
     */
    public void giveBack(long entry) {
        if (entries.find(entry)) {
            if (rule.isOver(entries.found.block().attempts(entries.found.index()))) {
                die(entry, DeathCause.ATTEMPTS);
            } else {
                putBack();
            }
        }
    }

    /** Returns an entry to its place, whatever the number of attempts. */
    public void unreserve(long entry) {
        if (entries.find(entry)) {
            putBack();
        }
    }

    /** An entry whose time is over goes to the dead letters. */
    void expire(long entry) {
        if (!dying.containsKey(entry) && entries.find(entry)) {
            entries.state(entries.found.block(), entries.found.index(), EntryBlock.TAKEN);
            die(entry, DeathCause.EXPIRED);
        }
    }

    private void putBack() {
        EntryBlock block = entries.found.block();
        int index = entries.found.index();
        if (block.attempts(index) > 1 && block.due(index) > courier.nowMs()) {
            delay(block, index);
        } else {
            entries.state(block, index, EntryBlock.READY);
            queue.dealer().noticeReturned(block, index);
        }
        long expiration = block.expiration(index);
        if (expiration != 0) {
            timetable.expires(block, expiration);
            queue.schedule();
        }
    }

    private void delay(EntryBlock block, int index) {
        entries.state(block, index, EntryBlock.DELAYED);
        timetable.becomesReady(block, block.due(index));
        queue.schedule();
    }

    /** The content of an entry came, which may have been awaited for this. */
    void onContent(long entry) {
        if (isDying(entry)) {
            bury(entry);
        }
    }

    /** Whether an entry goes to the dead letters as soon as its content is there. */
    boolean isDying(long entry) {
        return !dying.isEmpty() && dying.containsKey(entry);
    }

    private void die(long entry, DeathCause cause) {
        dying.put(entry, cause);
        bury(entry);
    }

    private void bury(long entry) {
        if (entries.find(entry)) {
            EntryBlock block = entries.found.block();
            int index = entries.found.index();
            Content content = block.content(index);
            if (content == null) {
                queue.load(block, index);
                return;
            }
            queue.tally().deadLettered();
            courier.deadLetter(
                    queue, entry, new Courier.Death(dying.get(entry), block.attempts(index)), content.envelope());
        }
        dying.remove(entry);
    }

    void clear() {
        dying.clear();
    }
}
