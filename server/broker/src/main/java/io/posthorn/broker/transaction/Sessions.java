package io.posthorn.broker.transaction;

import io.posthorn.broker.store.Refusal;
import io.posthorn.wire.frame.ErrorCode;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** The open sessions of one connection. Runs on the broker's driver. */
public final class Sessions {

    private final Map<Long, Session> byNumber = new HashMap<>();

    /** The one that was asked for last, which the next message mostly is of, too; null when it is closed. */
    private Session last;

    /** Opens it, unless it is open. */
    public void open(long number, long branchTimeoutMs) {
        byNumber.computeIfAbsent(number, fresh -> new Session(fresh, branchTimeoutMs));
    }

    /** Null when there is none. */
    public Session get(long number) {
        if (last == null || last.number() != number) {
            last = byNumber.get(number);
        }
        return last;
    }

    /** The one that a command is about, or why there is no such command. */
    public Session require(long number) throws Refusal {
        Session session = get(number);
        if (session == null) {
            throw new Refusal(ErrorCode.PROTOCOL, "no session " + number + " is open on this connection");
        }
        return session;
    }

    public Collection<Session> all() {
        return byNumber.values();
    }

    public void remove(long number) {
        byNumber.remove(number);
        last = null;
    }

    public void clear() {
        byNumber.clear();
        last = null;
    }
}
