package io.posthorn.engine.command;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import java.util.List;
import java.util.Objects;

/**
 * A frame that changes state at the server, from the moment it is asked for until it is confirmed, and longer if an open
 * transaction needs it. What was asked for does not change, but for deliveries that turn out to be somebody else's by now;
 * the number changes each time the command has to be sent again. Made on any thread, belongs to the {@link CommandLog} afterwards.
 */
public final class Command {

    private final Address address;
    private final boolean persistent;
    private final Generation generation;
    private final Outcome outcome;

    /** How long the message is; beside it, as the message itself is far by the time it is confirmed. 0 when it is none. */
    private final int messageLength;

    private ClientFrame template;
    private List<ConsumerRef> consumers;

    /** Its current number; 0 until it has one. */
    private long number;

    /** The transaction whose content this is, or null. */
    Transaction transaction;

    /** The transaction that this ends, if it succeeds, or null. */
    Transaction ends;

    /** Made by a resumption, in preparation of the commands that follow. */
    boolean setUp;

    /**
     * Made by a resumption with a server that was started again, which has what this says from nobody else. (What other
     * resumptions make, the next one makes anew.)
     */
    boolean rebuilds;

    /** Has nothing left to do at the server, and waits for its turn to be settled. */
    boolean ghost;

    /** Went out on some link, so that a server may have done it. */
    boolean sent;

    /** Is a message that an earlier run of the server may have let go to consumers, or the start of a branch that it had. */
    boolean repeated;

    /** Was confirmed once, and its outcome told. */
    boolean settled;

    /** Those of its entries whose messages are gone with the run of the server that delivered them. */
    private EntryRanges unlogged = EntryRanges.NONE;

    /** What it is told in place of success; null unless it ends by rollback what it was to commit. */
    private EngineException instead;

    private long value;
    private EngineException failure;

    private Command(
            ClientFrame template,
            Address address,
            boolean persistent,
            List<ConsumerRef> consumers,
            Generation generation,
            Outcome outcome) {
        this.template = Objects.requireNonNull(template, "template");
        this.address = address;
        this.persistent = persistent;
        this.consumers = consumers;
        this.generation = generation;
        this.outcome = Objects.requireNonNull(outcome, "outcome");
        this.messageLength = template instanceof ClientFrame.Send send ? send.envelope().length : 0;
    }

    /** A command that is about no consumer. The number in the frame is not looked at. */
    public static Command of(ClientFrame template, Outcome outcome) {
        return new Command(template, null, true, List.of(), null, outcome);
    }

    /** A message; the alias in the frame is not looked at. */
    public static Command send(ClientFrame.Send template, Address address, boolean persistent, Outcome outcome) {
        return new Command(template, Objects.requireNonNull(address), persistent, List.of(), null, outcome);
    }

    /** Something about one consumer. {@code generation} is what it opens, or null. */
    public static Command about(ConsumerRef consumer, ClientFrame template, Generation generation, Outcome outcome) {
        return new Command(template, null, true, List.of(consumer), generation, outcome);
    }

    /** The end of a session that holds deliveries of these consumers. */
    public static Command closeSession(
            ClientFrame.CloseSession template, List<ConsumerRef> consumers, Outcome outcome) {
        return new Command(template, null, true, List.copyOf(consumers), null, outcome);
    }

    public ClientFrame template() {
        return template;
    }

    /** Where a message goes; null for all other commands. */
    public Address address() {
        return address;
    }

    public List<ConsumerRef> consumers() {
        return consumers;
    }

    public Outcome outcome() {
        return outcome;
    }

    /** Whether it is a message, or somebody may wait for its outcome: not for an acknowledgement that is not forced. */
    boolean counts() {
        return isMessage()
                || !(template instanceof ClientFrame.Acknowledge acknowledge)
                || acknowledge.transacted()
                || acknowledge.forced();
    }

    /** How many bytes the message has; 0 for all other commands. */
    public int messageLength() {
        return messageLength;
    }

    /** Whether it is a message. */
    public boolean isMessage() {
        return address != null;
    }

    public long number() {
        return number;
    }

    Generation generation() {
        return generation;
    }

    /** Notes which of the deliveries that it is about are of non-persistent messages. */
    public Command withUnlogged(EntryRanges entries) {
        unlogged = entries;
        return this;
    }

    /** Those of its deliveries that a server that was started again cannot have. */
    public EntryRanges unlogged() {
        return unlogged;
    }

    /**
     * Another run of the server is about to get this message. If a run before may have let it go to consumers, it is marked;
     * one that is not persistent is not sent again then.
     */
    void repeatToAnotherRun() {
        repeated |= transaction == null ? sent : transaction.isCommitSent();
        ghost |= repeated && !persistent;
    }

    /** Whether the server must be told, before it gets this, that an earlier run may have delivered the message, or had the branch. */
    public boolean isRepeated() {
        return repeated;
    }

    /** Goes out as a rollback, and fails as one: a transaction that lacks something must not be committed. */
    void rollBackInstead(EngineException cause) {
        if (template instanceof ClientFrame.Commit commit) {
            template = new ClientFrame.Rollback(0, commit.session());
            instead = rolledBack(ErrorCode.ROLLED_BACK, cause);
        } else if (template instanceof ClientFrame.XaPrepare prepare) {
            template = new ClientFrame.XaRollback(0, prepare.branch());
            instead = rolledBack(ErrorCode.XA_ROLLED_BACK, cause);
        } else if (template instanceof ClientFrame.XaCommit commit && commit.onePhase()) {
            template = new ClientFrame.XaRollback(0, commit.branch());
            instead = rolledBack(ErrorCode.XA_ROLLED_BACK, cause);
        }
    }

    private static EngineException rolledBack(ErrorCode code, EngineException cause) {
        return new EngineException(
                code,
                "a message of the transaction could not be sent or acknowledged, so it was rolled back: "
                        + cause.getMessage(),
                cause);
    }

    /** Gives it a number, and whatever was said about an earlier number is void. */
    void number(long fresh) {
        number = fresh;
        value = 0;
        failure = null;
    }

    void fail(EngineException cause) {
        failure = cause;
    }

    void result(long answer) {
        value = answer;
    }

    /** From now on it is about other deliveries, perhaps through another consumer. */
    void narrow(ConsumerRef consumer, ClientFrame narrowed) {
        consumers = List.of(consumer);
        template = narrowed;
    }

    EngineException failure() {
        return failure;
    }

    /**
     * Whether a server that has done all up to {@code lastCommand} has done it, now or in an earlier run. (The content of
     * a transaction may be done and yet be on its way again.)
     */
    boolean isDone(long lastCommand) {
        return settled || number != 0 && number <= lastCommand;
    }

    void settle() {
        if (!settled) {
            settled = true;
            outcome.settle(value, failure == null ? instead : failure);
        }
    }

    @Override
    public String toString() {
        return template.getClass().getSimpleName() + " " + number;
    }
}
