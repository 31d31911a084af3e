package io.posthorn.engine.model;

import io.posthorn.wire.frame.Address;
import java.util.ArrayList;
import java.util.List;

/** What a transaction of the model would do. */
final class ModelTransaction {

    final List<Sent> sends = new ArrayList<>();
    final List<Settled> settled = new ArrayList<>();
    boolean doomed;

    record Sent(Address address, byte[] envelope) {}

    record Settled(Address address, long entry) {}
}
