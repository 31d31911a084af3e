package io.posthorn.broker.store;

import io.posthorn.broker.body.Bodies;
import io.posthorn.broker.body.BodyHold;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.queue.QueueSnapshot;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.record.OtherVersionException;
import io.posthorn.broker.record.RecordCodec;
import io.posthorn.broker.store.KnownConnection.Outcome;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.ByteWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The durable state as one array of bytes, for a record that a start begins with. Layout: version 4; destinations; durable
 * subscriptions (both as the records that made them); the entries of each durable queue, deep ones by reference to their
 * pages; connections with their outcomes; prepared branches (as the records that made them, each with the position of its
 * message); ended connections; finished branches; the highest number of a queue; shared branches that are not prepared,
 * branches decided by an operator and pages of entries that are gone (as records); what each segment of the log holds; long
 * bodies ({@link Bodies#write}). Each list starts with its count.
 */
final class Baseline {

    private static final int VERSION = 4;

    private final DurableState state;

    Baseline(DurableState state) {
        this.state = state;
    }

    byte[] write() {
        ByteWriter out = new ByteWriter(64 * 1024);
        out.writeByte(VERSION);
        writeDestinations(out);
        writeQueues(out);
        writeRest(out);
        state.space().write(out);
        writeBodies(out);
        return out.toByteArray();
    }

    private void writeRest(ByteWriter out) {
        writeConnections(out);
        writeBranches(out);
        out.writeVarint(state.expired().size());
        state.expired().keySet().forEach(id -> writeId(out, id));
        out.writeVarint(state.finished().size());
        state.finished().forEach((id, committed) -> {
            RecordCodec.writeBranch(out, id);
            out.writeBoolean(committed);
        });
        out.writeVarint(state.directory().nextNumber() - 1);
        List<LogRecord> shared = new ArrayList<>();
        state.shared()
                .forEach((id, parts) -> parts.forEach(
                        (connection, starts) -> shared.add(new LogRecord.BranchShared(id, connection, starts))));
        shared.addAll(state.remarks());
        writeRecords(out, shared);
    }

    /** What the log says of anything but the entries of queues and the space that they take. */
    byte[] withoutQueues() {
        ByteWriter out = new ByteWriter(1024);
        writeDestinations(out);
        writeRest(out);
        return out.toByteArray();
    }

    void read(byte[] bytes) {
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        int version = in.readByte();
        if (version != VERSION) {
            throw new OtherVersionException("a state", version, VERSION);
        }
        readRecords(in);
        readQueues(in);
        readConnections(in);
        readBranches(in);
        for (long count = in.readVarint(); count > 0; count--) {
            state.expired().put(readId(in), true);
        }
        for (long count = in.readVarint(); count > 0; count--) {
            BranchId id = RecordCodec.readBranch(in);
            state.finished().put(id, in.readBoolean());
        }
        state.directory().lastNumber(in.readVarint());
        readRecords(in);
        state.space().read(in);
        if (in.hasRemaining()) { // written by a server that knew of none
            state.directory().bodies().read(in).forEach((number, holds) -> {
                MessageQueue queue = state.directory().queue(number);
                queue.longBodies().restore(holds);
            });
        }
    }

    private void writeBodies(ByteWriter out) {
        Map<Long, Map<Long, BodyHold>> holdsByQueue = new TreeMap<>();
        state.directory().queues().forEach(queue -> {
            if (queue.isDurable() && !queue.longBodies().holds().isEmpty()) {
                holdsByQueue.put(queue.number(), queue.longBodies().holds());
            }
        });
        state.directory().bodies().write(out, holdsByQueue);
    }

    private void writeDestinations(ByteWriter out) {
        List<LogRecord> records = new ArrayList<>();
        for (Destination destination : state.directory().destinations()) {
            if (destination.owner() == null) {
                records.add(new LogRecord.DestinationCreated(destination.number(), destination.address()));
            }
        }
        for (Subscription subscription : state.directory().durables()) {
            records.add(new LogRecord.SubscriptionCreated(
                    subscription.queue().number(),
                    subscription.topic().address().name(),
                    subscription.key().clientId(),
                    subscription.key().name(),
                    subscription.shared(),
                    subscription.noLocal(),
                    subscription.selectorText()));
        }
        writeRecords(out, records);
    }

    private void writeQueues(ByteWriter out) {
        List<MessageQueue> queues = new ArrayList<>();
        state.directory().queues().forEach(queue -> {
            if (queue.isDurable()) {
                queues.add(queue);
            }
        });
        queues.sort(Comparator.comparingLong(MessageQueue::number));
        out.writeVarint(queues.size());
        queues.forEach(queue -> {
            out.writeVarint(queue.number());
            QueueSnapshot.write(out, queue);
        });
    }

    private void readQueues(ByteReader in) {
        for (long count = in.readVarint(); count > 0; count--) {
            long number = in.readVarint();
            boolean isPieces = number == Bodies.QUEUE;
            QueueSnapshot.read(
                    in,
                    isPieces
                            ? state.directory().piecesForMore()
                            : state.directory().queue(number));
        }
    }

    private void writeConnections(ByteWriter out) {
        List<KnownConnection> connections = state.connections();
        out.writeVarint(state.nextConnection() - 1);
        out.writeVarint(connections.size());
        for (KnownConnection connection : connections) {
            out.writeVarint(connection.number());
            writeId(out, connection.connection());
            out.writeVarint(connection.lastCommand());
            out.writeVarint(connection.outcomeCount());
            for (Outcome outcome : connection.outcomes()) {
                out.writeVarint(outcome.command());
                out.writeShort(outcome.code() == null ? 0 : outcome.code().number());
                RecordCodec.writeNullable(out, outcome.text());
                out.writeVarint(outcome.value());
            }
        }
    }

    private void readConnections(ByteReader in) {
        state.lastConnection(in.readVarint());
        for (long count = in.readVarint(); count > 0; count--) {
            long number = in.readVarint();
            UUID id = readId(in);
            state.onConnectionKnown(new LogRecord.ConnectionKnown(number, id));
            KnownConnection connection = state.connectionsById().get(id);
            long lastCommand = in.readVarint();
            for (long outcomes = in.readVarint(); outcomes > 0; outcomes--) {
                long command = in.readVarint();
                int code = in.readShort();
                connection.remember(new Outcome(
                        command, code == 0 ? null : ErrorCode.of(code), RecordCodec.readNullable(in), in.readVarint()));
            }
            connection.done(lastCommand);
        }
    }

    private void writeBranches(ByteWriter out) {
        out.writeVarint(state.branches().size());
        for (PreparedBranch branch : state.branches().values()) {
            out.writeVarint(branch.sends().size());
            for (PreparedBranch.Send send : branch.sends()) {
                List<Long> numbers = new ArrayList<>();
                send.queues().forEach(queue -> numbers.add(queue == null ? 0 : queue.number()));
                out.writeLong(send.position());
                writeRecord(
                        out,
                        new LogRecord.PreparedSend(
                                branch.id(), numbers, send.envelope().bytes()));
            }
            out.writeVarint(branch.settles().size());
            branch.settles()
                    .forEach(settle -> writeRecord(
                            out,
                            new LogRecord.PreparedSettle(
                                    branch.id(), settle.queue().number(), settle.entries())));
            writeRecord(out, new LogRecord.BranchPrepared(branch.id()));
        }
    }

    private void readBranches(ByteReader in) {
        for (long count = in.readVarint(); count > 0; count--) {
            for (long sends = in.readVarint(); sends > 0; sends--) {
                long position = in.readLong();
                RecordCodec.decode(in.readSized()).visit(state, position);
            }
            readRecords(in);
            RecordCodec.decode(in.readSized()).visit(state, 0);
        }
    }

    private void readRecords(ByteReader in) {
        for (long count = in.readVarint(); count > 0; count--) {
            RecordCodec.decode(in.readSized()).visit(state, 0);
        }
    }

    private static void writeRecords(ByteWriter out, List<LogRecord> records) {
        out.writeVarint(records.size());
        records.forEach(made -> writeRecord(out, made));
    }

    private static void writeRecord(ByteWriter out, LogRecord made) {
        ByteWriter bytes = new ByteWriter(256);
        made.encode(bytes);
        bytes.writeBytes(made.tail(), 0, made.tail().length);
        out.writeSized(bytes.toByteArray());
    }

    private static void writeId(ByteWriter out, UUID id) {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static UUID readId(ByteReader in) {
        return new UUID(in.readLong(), in.readLong());
    }
}
