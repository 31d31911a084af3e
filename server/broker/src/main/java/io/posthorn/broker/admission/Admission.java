package io.posthorn.broker.admission;

import io.posthorn.broker.limit.DeathCause;
import io.posthorn.broker.limit.Fullness;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.Routes;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.MalformedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether messages are let in. While a queue is full, or the log short of something that they would take more of, their sender
 * is refused with what it is and since when, for now or for good as the queue's policy says; who is refused for now is told
 * when there is room. What takes messages out goes on. The driver says what is short, so that the broker stays deterministic.
 */
public final class Admission {

    private static final long PRESSURE_LOOK_MS = 250;

    private final Graveyard graveyard;
    private final long messageLengthMax;
    private final Map<MessageQueue, WaitingLine> lines = new LinkedHashMap<>();
    private final WaitingLine pressed = new WaitingLine();
    private Pressure pressure;
    private long sinceMs;
    private long nowMs;
    private long lastOrder;

    /** {@code messageLengthMax} is how long a message may be, its body included, in bytes. */
    public Admission(Graveyard graveyard, long messageLengthMax) {
        this.graveyard = graveyard;
        this.messageLengthMax = messageLengthMax;
    }

    public void now(long ms) {
        nowMs = ms;
    }

    /** The time of this turn, ms since 1970. */
    public long nowMs() {
        return nowMs;
    }

    /** The journal is short of something, or, with null, of nothing. */
    public void onPressure(Pressure now) {
        if (now != null && pressure == null) {
            sinceMs = nowMs;
        }
        pressure = now;
    }

    /** What the journal is short of, or null. */
    public Pressure pressure() {
        return pressure;
    }

    /** Since when, ms since 1970. */
    public long pressureSinceMs() {
        return sinceMs;
    }

    /** The message that these bytes are; throws if it is none, or too long. */
    public Envelope read(byte[] bytes) throws Refusal {
        try {
            Envelope envelope = Envelope.of(bytes);
            checkLength(envelope.messageLength());
            return envelope;
        } catch (MalformedException malformed) {
            throw new Refusal(ErrorCode.PROTOCOL, malformed.getMessage());
        }
    }

    /** Throws if a message of so many bytes is too long. */
    public void checkLength(long length) throws Refusal {
        if (length > messageLengthMax) {
            throw new Refusal(
                    ErrorCode.RESOURCE_LIMIT,
                    "the message has " + length + " bytes; message-length-max is " + messageLengthMax);
        }
    }

    /** Throws if nothing of a long body can be taken now that must survive; {@code waiter} hears when it can. */
    public void checkRoom(Waiter waiter) throws Refusal {
        if (pressure != null) {
            enlist(pressed, waiter, new Load());
            throw new Refusal(ErrorCode.BLOCKED, pressureText());
        }
    }

    private String pressureText() {
        return "no persistent message is taken since " + Instant.ofEpochMilli(sinceMs) + ": " + pressure.text()
                + ". It goes on by itself when there is room";
    }

    /**
     * Judges messages that come at once. Returns the dead letters that go in the place of what their queues reject; throws,
     * with nothing changed but who waits, when they cannot be let in: {@link ErrorCode#BLOCKED} for now, {@link
     * ErrorCode#RESOURCE_LIMIT} for good. Nothing may be pending in the recorder.
     *
     * @param taken what goes out of the same queues with them
     * @param waiter who is told when it is worth another try
     */
    public List<Routes> judge(List<Routes> routes, Map<MessageQueue, EntryRanges> taken, Waiter waiter) throws Refusal {
        if (pressure != null) {
            checkPressure(routes, waiter);
        }
        Map<MessageQueue, Load> loads = loads(routes);
        if (loads.isEmpty()) {
            return List.of();
        }
        taken.forEach((queue, entries) -> {
            Load load = loads.get(queue);
            if (load != null) {
                load.messages -= entries.count();
                load.bytes -= queue.backlog().contentBytes(entries);
            }
        });
        for (Map.Entry<MessageQueue, Load> load : loads.entrySet()) {
            check(load.getKey(), load.getValue(), waiter);
        }
        return divert(routes, loads);
    }

    /** Whether there is anything to {@link #judge}: mostly nothing is limited. */
    public boolean mayRefuse(Routes route) {
        return pressure != null || route.isLimited();
    }

    /** The same for messages that come at once. */
    public boolean mayRefuse(List<Routes> routes) {
        for (int index = 0; index < routes.size(); index++) {
            if (routes.get(index).isLimited()) {
                return true;
            }
        }
        return pressure != null;
    }

    /** What comes to one queue. */
    private static final class Load {
        private long messages;
        private long bytes;
    }

    private static Map<MessageQueue, Load> loads(List<Routes> routes) {
        Map<MessageQueue, Load> loads = new LinkedHashMap<>();
        for (Routes route : routes) {
            for (MessageQueue queue : route.limited()) {
                Load load = loads.computeIfAbsent(queue, key -> new Load());
                load.messages++;
                load.bytes += route.bytes();
            }
        }
        return loads;
    }

    /** One that need not survive takes room of the disk only when memory is short, and gives it back when it leaves. */
    private void checkPressure(List<Routes> routes, Waiter waiter) throws Refusal {
        for (Routes route : routes) {
            if (route.logged().isEmpty()) {
                continue;
            }
            String text = pressureText();
            if (route.logged().get(0).settings().limit().policy() == LimitPolicy.FAIL) {
                throw new Refusal(ErrorCode.RESOURCE_LIMIT, text);
            }
            enlist(pressed, waiter, new Load());
            throw new Refusal(ErrorCode.BLOCKED, text);
        }
    }

    private void check(MessageQueue queue, Load load, Waiter waiter) throws Refusal {
        LimitPolicy policy = queue.fullness().policy();
        boolean refuses = policy == LimitPolicy.BLOCK || policy == LimitPolicy.FAIL;
        if (!refuses || fits(queue, load.messages, load.bytes)) {
            return;
        }
        String text = noticeFull(queue);
        if (policy == LimitPolicy.FAIL) {
            throw new Refusal(ErrorCode.RESOURCE_LIMIT, text);
        }
        enlist(lines.computeIfAbsent(queue, key -> new WaitingLine()), waiter, load);
        throw new Refusal(ErrorCode.BLOCKED, text);
    }

    private String noticeFull(MessageQueue queue) {
        long bytes = queue.backlog().contentBytes();
        queue.fullness().hit(queue.depth(), bytes, nowMs);
        queue.tally().refused();
        return queue.fullness().text(queue.depth(), bytes);
    }

    /** Whoever waits for something else, too, is told of whatever comes first: what was refused before may have been given up. */
    private void enlist(WaitingLine line, Waiter waiter, Load load) {
        line.add(waiter.waitFor(load.messages, load.bytes, ++lastOrder));
    }

    /** Whatever comes to an empty queue fits, however long it is, and whatever makes it no fuller. */
    private static boolean fits(MessageQueue queue, long messages, long bytes) {
        return queue.depth() == 0 || fitsBeside(queue, messages, bytes);
    }

    private static boolean fitsBeside(MessageQueue queue, long messages, long bytes) {
        boolean grows = messages > 0 || bytes > 0;
        return !grows
                || queue.fullness()
                        .fits(queue.depth() + messages, queue.backlog().contentBytes() + bytes);
    }

    private List<Routes> divert(List<Routes> routes, Map<MessageQueue, Load> loads) {
        List<Routes> letters = new ArrayList<>();
        for (Map.Entry<MessageQueue, Load> entry : loads.entrySet()) {
            MessageQueue queue = entry.getKey();
            Load load = entry.getValue();
            boolean rejects = queue.fullness().policy() == LimitPolicy.REJECT;
            for (int index = routes.size() - 1; rejects && index >= 0; index--) {
                Routes route = routes.get(index);
                if (!fits(queue, load.messages, load.bytes) && route.leaveOut(queue)) {
                    load.messages--;
                    load.bytes -= route.bytes();
                    noticeFull(queue);
                    queue.tally().deadLettered();
                    letters.add(0, graveyard.letter(queue, route.envelope(), DeathCause.REJECTED, 0, nowMs));
                }
            }
        }
        return letters;
    }

    /** Tells who waits that there is room, as many as there is room for. At the end of each turn. */
    public void wake() {
        if (pressure == null) {
            pressed.tell((messages, bytes) -> true, true, nowMs);
        }
        if (!lines.isEmpty()) {
            lines.forEach((queue, line) ->
                    line.tell((messages, bytes) -> fitsBeside(queue, messages, bytes), queue.depth() == 0, nowMs));
            lines.values().removeIf(WaitingLine::isEmpty);
        }
    }

    /** When to look again whether the journal has room for who waits for it, ms since 1970: nobody else may come with that. */
    public long nextDeadlineMs() {
        return pressed.isEmpty() ? Long.MAX_VALUE : nowMs + PRESSURE_LOOK_MS;
    }

    /** How many senders wait for room in a queue. */
    public int blockedBy(MessageQueue queue) {
        WaitingLine line = lines.get(queue);
        return line == null ? 0 : line.size();
    }

    /** How many senders wait for the journal. */
    public int blockedByPressure() {
        return pressed.size();
    }

    /** Since when a queue is full, ms since 1970; 0 when it is not. */
    public static long fullSinceMs(MessageQueue queue) {
        Fullness fullness = queue.fullness();
        return fullness == null ? 0 : fullness.sinceMs();
    }
}
