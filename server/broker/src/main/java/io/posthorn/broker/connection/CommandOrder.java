package io.posthorn.broker.connection;

/**
 * In which order the commands of a connection come. On one socket each follows the last one: what was lost on the way, or came too late,
 * would be confirmed with what came behind it. Between two sockets a client may leave numbers out.
 */
final class CommandOrder {

    private long last;

    /** No command has come over this socket yet. */
    private boolean isFirst;

    /** The one that went to an earlier run, too, and may have been delivered by it. */
    private long repeated;

    /** The one that was begun last. */
    long last() {
        return last;
    }

    /** This one was the last of an earlier run. */
    void goOnBehind(long command) {
        last = command;
    }

    /** The connection has another socket. */
    void onSocket() {
        isFirst = true;
    }

    /** False when the command is out of place, and is not to be carried out. */
    boolean begin(long command) {
        if (command <= last || !isFirst && command != last + 1) {
            return false;
        }
        isFirst = false;
        last = command;
        return true;
    }

    /** The client says that this one, which comes next, went to an earlier run. */
    void repeat(long command) {
        repeated = command;
    }

    boolean isRepeated(long command) {
        return command == repeated;
    }
}
