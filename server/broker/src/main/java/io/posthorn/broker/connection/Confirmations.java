package io.posthorn.broker.connection;

/**
 * Commands that are done but not confirmed yet, in order, each with the position that must be durable first. Commands
 * that wait for nothing more than their predecessor cost no entry of their own.
 */
final class Confirmations {

    private long[] commands = new long[16];
    private long[] gates = new long[16];
    private boolean[] synced = new boolean[16];
    private int head;
    private int count;
    private long confirmed;

    /** The highest command that may be confirmed. */
    long confirmed() {
        return confirmed;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Starts anew: everything up to this command is confirmed. */
    void reset(long command) {
        count = 0;
        confirmed = command;
    }

    /** Adds a command that is confirmed once the log is durable up to {@code gate}; 0 for one that waits for nothing. */
    void add(long command, long gate, boolean needsSync) {
        if (count == 0) {
            if (gate == 0) {
                confirmed = command;
                return;
            }
        } else {
            int last = (head + count - 1) & commands.length - 1;
            if (gate == 0 || (gates[last] >= gate && synced[last] == needsSync)) {
                commands[last] = command;
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
    }

    /** Confirms what the log allows. True when {@link #confirmed()} has grown. */
    boolean advance(long written, long durable) {
        boolean grown = false;
        while (count > 0 && gates[head] <= (synced[head] ? durable : written)) {
            confirmed = commands[head];
            head = (head + 1) & commands.length - 1;
            count--;
            grown = true;
        }
        return grown;
    }

    private void grow() {
        int capacity = commands.length;
        long[] newCommands = new long[capacity * 2];
        long[] newGates = new long[capacity * 2];
        boolean[] newSynced = new boolean[capacity * 2];
        for (int index = 0; index < count; index++) {
            int from = (head + index) & capacity - 1;
            newCommands[index] = commands[from];
            newGates[index] = gates[from];
            newSynced[index] = synced[from];
        }
        commands = newCommands;
        gates = newGates;
        synced = newSynced;
        head = 0;
    }
}
