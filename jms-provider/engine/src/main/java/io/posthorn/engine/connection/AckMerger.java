package io.posthorn.engine.connection;

import io.posthorn.engine.command.Command;
import io.posthorn.engine.command.Outcome;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Makes one acknowledgement of several that follow each other, are for the same consumer, and have nobody waiting. On the
 * event loop.
 */
final class AckMerger {

    private final Consumer<Command> sender;
    private Command first;
    private EntryRanges.Builder entries;
    private EntryRanges.Builder unlogged;
    private List<Outcome> outcomes;

    AckMerger(Consumer<Command> sender) {
        this.sender = sender;
    }

    /** Sends the command, now or with those that follow it. */
    void take(Command command) {
        if (!(command.template() instanceof ClientFrame.Acknowledge next) || next.transacted() || next.forced()) {
            flush();
            sender.accept(command);
            return;
        }
        if (first != null && acknowledge(first).consumer() != next.consumer()) {
            flush();
        }
        if (first == null) {
            first = command;
        } else {
            join(command, next);
        }
    }

    private void join(Command command, ClientFrame.Acknowledge next) {
        if (entries == null) {
            entries = new EntryRanges.Builder();
            unlogged = new EntryRanges.Builder();
            outcomes = new ArrayList<>();
            acknowledge(first).entries().forEach(entries::add);
            first.unlogged().forEach(unlogged::add);
            outcomes.add(first.outcome());
        }
        next.entries().forEach(entries::add);
        command.unlogged().forEach(unlogged::add);
        outcomes.add(command.outcome());
    }

    /** Sends what has gathered. */
    void flush() {
        if (first == null) {
            return;
        }
        Command merged = entries == null ? first : merged();
        first = null;
        entries = null;
        unlogged = null;
        outcomes = null;
        sender.accept(merged);
    }

    private Command merged() {
        List<Outcome> all = outcomes;
        long consumer = acknowledge(first).consumer();
        return Command.about(
                        first.consumers().get(0),
                        new ClientFrame.Acknowledge(0, consumer, false, false, entries.build()),
                        null,
                        (value, failure) -> all.forEach(outcome -> outcome.settle(value, failure)))
                .withUnlogged(unlogged.build());
    }

    private static ClientFrame.Acknowledge acknowledge(Command command) {
        return (ClientFrame.Acknowledge) command.template();
    }
}
