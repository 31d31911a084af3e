package io.posthorn.engine.connection;

import io.posthorn.engine.transport.Link;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import java.util.HashMap;
import java.util.Map;

/**
 * Short numbers for the destinations that one link has sent to, declared at their first use. On the event loop. There are
 * so many, and then they are given out anew from the first: temporary destinations come and go for as long as a link lives.
 */
final class Aliases {

    static final int COUNT_MAX = 4096;

    private final Map<Address, Long> aliases = new HashMap<>();
    private Address last;
    private long lastAlias;

    /** A fresh link knows none. */
    void clear() {
        aliases.clear();
        last = null;
    }

    long of(Address address, Link link) {
        if (address.equals(last)) {
            return lastAlias;
        }
        Long alias = aliases.get(address);
        if (alias == null) {
            if (aliases.size() == COUNT_MAX) {
                aliases.clear();
            }
            alias = aliases.size() + 1L;
            aliases.put(address, alias);
            link.send(new ClientFrame.DeclareAddress(alias, address));
        }
        last = address;
        lastAlias = alias;
        return alias;
    }
}
