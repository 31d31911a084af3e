package io.posthorn.engine.model;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What the model remembers of one connection. */
final class ModelConnection {

    final UUID id;
    long lastCommand;

    /** No command has come over this link yet. */
    boolean isFirst;

    /** Failures and results that the client may not have seen, by command. */
    final TreeMap<Long, ServerFrame> outcomes = new TreeMap<>();

    final Set<Long> sessions = new HashSet<>();

    /** Sessions of which a send was refused for now. */
    final Set<Long> blocked = new HashSet<>();

    final Map<Long, ModelConsumer> consumers = new LinkedHashMap<>();
    final Map<Long, ModelTransaction> local = new HashMap<>();
    final Map<Long, BranchId> associations = new HashMap<>();
    final Map<Long, Address> aliases = new HashMap<>();
    final List<ServerFrame> outgoing = new ArrayList<>();
    FakeTransport.FakeLink link;
    long confirmed;

    /** The last command whose effects are durable. */
    long safe;

    /** What nobody waits for is confirmed along with something else. */
    boolean late;

    /** Somebody waits for a confirmation. */
    boolean hurried;

    boolean closed;

    ModelConnection(UUID id) {
        this.id = id;
    }
}
