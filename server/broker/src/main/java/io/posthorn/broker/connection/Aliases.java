package io.posthorn.broker.connection;

import io.posthorn.broker.Login;
import io.posthorn.broker.store.Destination;
import io.posthorn.broker.store.Refusal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import java.util.HashMap;
import java.util.Map;

/** The destinations that a client gave numbers, for as long as its socket lasts. Runs on the broker's driver. */
final class Aliases {

    private final Destinations destinations;
    private final Consumers consumers;
    private final Map<Long, Alias> aliases = new HashMap<>();

    Aliases(Destinations destinations, Consumers consumers) {
        this.destinations = destinations;
        this.consumers = consumers;
    }

    private static final class Alias {
        final Address address;
        Destination destination;

        Alias(Address address) {
            this.address = address;
        }
    }

    void declare(long number, Address address) {
        aliases.put(number, new Alias(address));
    }

    void clear() {
        aliases.clear();
    }

    /** Where to send what names this number; looked for, and the permission checked, the first time. */
    Destination destination(long number) throws Refusal {
        Alias alias = aliases.get(number);
        if (alias == null) {
            throw new Refusal(ErrorCode.PROTOCOL, "no destination was declared under number " + number);
        }
        if (alias.destination != null && alias.destination.isDeleted() && alias.destination.owner() == null) {
            alias.destination = null;
            throw new Refusal(
                    ErrorCode.INVALID_DESTINATION,
                    alias.address
                            + " was dropped by an operator while this connection used it, and the message with it;"
                            + " the next send makes it anew");
        }
        if (alias.destination == null || alias.destination.isDeleted()) {
            consumers.check(Login.Verb.SEND, alias.address);
            alias.destination = destinations.require(alias.address);
        }
        return alias.destination;
    }
}
