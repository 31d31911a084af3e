package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What there is to send to and to read from, and who reads what: three queues, a topic with a shared and an unshared durable
 * subscription and one that is not durable, a temporary queue of each client, and two queues from which no client reads, and
 * which an operator may delete.
 */
final class Places {

    static final int QUEUES = 3;
    static final int PASSING_QUEUES = 2;
    static final String DEAD = "dead";
    static final Address TOPIC = Address.topic("t");

    /** A durable subscription that clients 1 and 2 share. */
    static final Source SHARED = new Source(TOPIC, Source.Mode.CONSUME, "s", true, true, false, null);

    /** A durable subscription of client 0, with a selector. */
    static final Source UNSHARED = new Source(TOPIC, Source.Mode.CONSUME, "d", true, false, false, "odd = TRUE");

    /** A subscription that clients 1 and 2 share as long as one of them is there. */
    private static final Source PASSING = new Source(TOPIC, Source.Mode.CONSUME, "v", false, true, false, null);

    private static final int TOPIC_ALIAS = QUEUES;

    private static final int PASSING_ALIAS = TOPIC_ALIAS + 1;

    /** All higher ones are of temporary queues. */
    private static final int TEMPORARY_ALIAS = PASSING_ALIAS + PASSING_QUEUES;

    private Places() {}

    static Address queue(int index) {
        return Address.queue("q" + index);
    }

    /** A queue that comes and goes. */
    static Address passing(int index) {
        return Address.queue("d" + index);
    }

    static int passingAlias(int index) {
        return PASSING_ALIAS + index;
    }

    private static boolean isPassing(int alias) {
        return alias >= PASSING_ALIAS && alias < TEMPORARY_ALIAS;
    }

    /** A number that no other temporary queue ever has, for the queue of one connection. */
    static int temporaryAlias(UUID connection) {
        return TEMPORARY_ALIAS + (int) connection.getLeastSignificantBits();
    }

    static Address temporaryQueue(int alias) {
        return new Address(Address.Kind.TEMPORARY_QUEUE, "temporary " + alias);
    }

    static Source queue(int index, String selector) {
        return Source.queue(queue(index), selector);
    }

    /** Only the first client has one, for its durable subscription. */
    static String clientIdOf(int client) {
        return client == 0 ? "c0" : null;
    }

    /** What a client's session 1, 2 and 3 read; the numbers of consumers are those of their sessions, and those plus three. */
    static List<ClientConsumer> of(Client client, int session) {
        boolean first = client.index == 0;
        boolean even = client.index % 2 == 0;
        return switch (session) {
            case 1 ->
                List.of(
                        new ClientConsumer(1, 1, first ? queue(0, null) : queue(1, "odd = TRUE")),
                        new ClientConsumer(4, 1, Source.queue(client.temporaryQueue(), null)));
            case 2 ->
                List.of(
                        new ClientConsumer(2, 2, even ? queue(1, null) : queue(2, null)),
                        new ClientConsumer(5, 2, first ? UNSHARED : PASSING));
            default -> List.of(new ClientConsumer(3, 3, first ? queue(2, "odd = FALSE") : SHARED));
        };
    }

    /** The numbers under which a client sends to them. */
    static Map<Integer, Address> aliases(World world) {
        Map<Integer, Address> aliases = new LinkedHashMap<>();
        for (int index = 0; index < QUEUES; index++) {
            aliases.put(index, queue(index));
        }
        aliases.put(TOPIC_ALIAS, TOPIC);
        for (int index = 0; index < PASSING_QUEUES && world.troubles.drops; index++) {
            aliases.put(passingAlias(index), passing(index));
        }
        for (Client client : world.clients) {
            aliases.put(client.temporaryAlias(), client.temporaryQueue());
        }
        return aliases;
    }

    /** The number of somewhere to send to; of a temporary queue seldom, as it may be gone, which spoils a transaction. */
    static int anyAlias(World world) {
        int passing = world.troubles.passingAlias();
        if (passing != 0) {
            return passing;
        }
        return world.chance(50)
                ? world.clients.get(world.random.nextInt(world.clients.size())).temporaryAlias()
                : world.random.nextInt(QUEUES + 1);
    }

    /** The copies that there are of a message, once it was sent. */
    static void expect(Ledger.Message message, int alias, boolean odd) {
        message.logged = message.persistent && alias < TEMPORARY_ALIAS;
        if (alias < QUEUES) {
            message.goesTo(queue(alias).name(), false);
        } else if (alias == TOPIC_ALIAS) {
            message.goesTo(placeOf(SHARED), false);
            message.goesTo(placeOf(PASSING), true);
            if (odd) {
                message.goesTo(placeOf(UNSHARED), false);
            }
        } else if (isPassing(alias)) {
            message.goesTo(passing(alias - PASSING_ALIAS).name(), false);
        } else {
            message.goesTo(temporaryQueue(alias).name(), true);
        }
    }

    /** The ledger's name for what a consumer reads: that of its queue or durable subscription, or of its topic. */
    static String placeOf(Source source) {
        return source.durable() ? source.subscription() : source.address().name();
    }
}
