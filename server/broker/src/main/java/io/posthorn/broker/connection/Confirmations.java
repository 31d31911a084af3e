package io.posthorn.broker.connection;

import io.posthorn.broker.Outlet;
import io.posthorn.wire.frame.ServerFrame;

/**
 * Commands that are done but not confirmed yet, in order, each with the position that must be durable first; and what is
 * confirmed, but was not told the client, as nobody waits for it. Commands that wait for nothing more than their predecessor
 * cost no entry of their own.
 */
final class Confirmations {

    /** So many commands are worth a frame of their own: the client keeps them until it is told. */
    private static final int UNTOLD_MAX = 32;

    /** So many bytes of messages are, too. */
    private static final long UNTOLD_BYTES_MAX = 64 << 10;

    private long[] commands = new long[16];
    private long[] gates = new long[16];
    private boolean[] synced = new boolean[16];
    private boolean[] awaited = new boolean[16];
    private int head;
    private int count;

    /** How many of these somebody waits for. */
    private int awaitedCount;

    private long confirmed;

    /** The highest command of which the client was told. */
    private long told;

    /** Messages that came since. */
    private long untoldBytes;

    /** Somebody waits to be told. */
    private boolean hurried;

    /** Something was said in this turn. */
    private boolean speaking;

    /** Since when there is something that was left untold, ms since 1970; 0 when there is nothing. */
    private long untoldSinceMs;

    boolean isEmpty() {
        return count == 0;
    }

    /** Whether somebody waits for one that is not confirmed yet. */
    boolean isAwaited() {
        return awaitedCount > 0;
    }

    /** Starts anew: everything up to this command is confirmed. */
    void reset(long command) {
        count = 0;
        awaitedCount = 0;
        confirmed = command;
    }

    /**
     * Adds a command that is confirmed once the log is durable up to {@code gate}; 0 for one that waits for nothing. {@code
     * isAwaited} says whether somebody waits for the confirmation.
     */
    void add(long command, long gate, boolean needsSync, boolean isAwaited) {
        if (count == 0) {
            if (gate == 0) {
                confirmed = command;
                hurried |= isAwaited;
                return;
            }
        } else {
            int last = (head + count - 1) & commands.length - 1;
            if (gate == 0 || (gates[last] >= gate && synced[last] == needsSync)) {
                commands[last] = command;
                await(last, isAwaited);
                return;
            }
        }
        if (count == commands.length) {
            grow();
        }
        int next = (head + count++) & commands.length - 1;
        commands[next] = command;
        gates[next] = gate;
        synced[next] = needsSync;
        awaited[next] = false;
        await(next, isAwaited);
    }

    private void await(int index, boolean isAwaited) {
        if (isAwaited && !awaited[index]) {
            awaited[index] = true;
            awaitedCount++;
        }
    }

    /** A message of so many bytes came. */
    void came(int bytes) {
        untoldBytes += bytes;
    }

    /** Confirms what the log allows. True when that was something. */
    boolean advance(long written, long durable) {
        boolean grown = false;
        while (count > 0 && gates[head] <= (synced[head] ? durable : written)) {
            confirmed = commands[head];
            if (awaited[head]) {
                hurried = true;
                awaitedCount--;
            }
            head = (head + 1) & commands.length - 1;
            count--;
            grown = true;
        }
        return grown;
    }

    /** Whether the client can be told of something. */
    boolean isUntold() {
        return confirmed > told;
    }

    /**
     * Before a frame: what was left untold goes ahead of it, so that a client that hears an answer knows of its question.
     */
    void tellAhead(Outlet outlet) {
        if (!speaking) {
            speaking = true;
            tell(outlet);
        }
    }

    /** Whether something was said in this turn that confirmations go along with. */
    boolean isSpeaking() {
        return speaking;
    }

    /** A fresh socket: nothing goes ahead of the greeting. */
    void beginBehind(ServerFrame.Connected greeting, Outlet outlet) {
        speaking = true;
        outlet.send(greeting);
    }

    /**
     * At the end of a turn: tells what is confirmed, if something was said that it can go along with, or if it is worth a frame of
     * its own. False when something is left untold.
     */
    boolean tellIfDue(Outlet outlet, long nowMs) {
        if (speaking || isDue()) {
            speaking = false;
            tell(outlet);
        } else if (isUntold() && untoldSinceMs == 0) {
            untoldSinceMs = nowMs;
        }
        return !isUntold();
    }

    private boolean isDue() {
        return hurried || confirmed - told >= UNTOLD_MAX || untoldBytes >= UNTOLD_BYTES_MAX;
    }

    long untoldSinceMs() {
        return untoldSinceMs;
    }

    /** Has what is untold told at the end of the turn. */
    void hurry() {
        hurried = true;
    }

    private void tell(Outlet outlet) {
        if (isUntold()) {
            toldUpTo(confirmed);
            outlet.send(new ServerFrame.Confirmed(confirmed));
        }
    }

    /** The client knows of this command, and of all before it. */
    void toldUpTo(long command) {
        told = command;
        hurried = false;
        untoldBytes = 0;
        untoldSinceMs = 0;
    }

    private void grow() {
        int capacity = commands.length;
        long[] newCommands = new long[capacity * 2];
        long[] newGates = new long[capacity * 2];
        boolean[] newSynced = new boolean[capacity * 2];
        boolean[] newAwaited = new boolean[capacity * 2];
        for (int index = 0; index < count; index++) {
            int from = (head + index) & capacity - 1;
            newCommands[index] = commands[from];
            newGates[index] = gates[from];
            newSynced[index] = synced[from];
            newAwaited[index] = awaited[from];
        }
        commands = newCommands;
        gates = newGates;
        synced = newSynced;
        awaited = newAwaited;
        head = 0;
    }
}
