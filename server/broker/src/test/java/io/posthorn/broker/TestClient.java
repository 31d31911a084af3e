package io.posthorn.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.BodyKind;
import io.posthorn.wire.message.Envelope;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One client: sends frames, each in a turn of its own, and records what its sockets got. Resumes only as it is told to. */
final class TestClient {

    final UUID id;
    final String clientId;
    final List<ServerFrame> received = new ArrayList<>();
    final List<ServerFrame.Deliver> deliveries = new ArrayList<>();
    final Map<Long, ServerFrame.Failed> failures = new LinkedHashMap<>();
    final Map<Long, Long> results = new LinkedHashMap<>();

    String user = "";
    Login.Permissions permissions = Login.Permissions.ALL;
    ServerFrame.Connected greeting;
    ServerFrame.Refused refusal;
    long lastCommand;
    long confirmed;
    long knownRun;
    Socket socket;
    private final BrokerHarness harness;
    private final Map<Long, Long> generations = new HashMap<>();
    private final Map<Address, Long> aliases = new HashMap<>();
    private int taken;

    TestClient(BrokerHarness harness, UUID id, String clientId) {
        this.harness = harness;
        this.id = id;
        this.clientId = clientId;
    }

    /** One socket's end at the client. */
    final class Socket implements Outlet {
        ClientFrame.Handler handler;
        boolean closed;
        boolean full;

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public void send(ServerFrame frame) {
            assertThat(closed).as("a frame on a closed socket").isFalse();
            if (socket == this) {
                TestClient.this.onFrame(frame);
            }
        }

        @Override
        public void flush() {
            harness.flushed.add(TestClient.this); // frames are there at once
        }

        @Override
        public void close() {
            closed = true;
        }

        void frame(ClientFrame frame) {
            harness.turn(() -> {
                if (handler != null && !closed) {
                    frame.dispatch(handler);
                }
            });
        }
    }

    private void onFrame(ServerFrame frame) {
        received.add(frame);
        if (frame instanceof ServerFrame.Connected connected) {
            greeting = connected;
        } else if (frame instanceof ServerFrame.Refused refused) {
            refusal = refused;
        } else if (frame instanceof ServerFrame.Deliver deliver) {
            if (deliver.generation() == generation(deliver.consumer())) {
                deliveries.add(deliver);
            }
        } else if (frame instanceof ServerFrame.Failed failed) {
            failures.put(failed.command(), failed);
        } else if (frame instanceof ServerFrame.Result result) {
            results.put(result.command(), result.value());
        } else if (frame instanceof ServerFrame.Confirmed confirmation) {
            assertThat(confirmation.command()).isGreaterThan(confirmed);
            confirmed = confirmation.command();
        }
    }

    // ---- connection

    /** Opens a socket, the first or another one. */
    TestClient connect() {
        greeting = null;
        refusal = null;
        aliases.clear();
        Socket next = new Socket();
        socket = next;
        ClientFrame.Connect frame =
                new ClientFrame.Connect(id, clientId, user, null, 10_000, knownRun, confirmed, "test");
        harness.turn(() -> next.handler = harness.broker.connect(frame, new Login(user, permissions), next));
        if (greeting != null) {
            knownRun = greeting.run();
        }
        return this;
    }

    /** As a client does that comes back after a crash: its numbers go on, its session and generations are new. */
    TestClient reconnect() {
        connect();
        assertThat(refusal).isNull();
        return this;
    }

    /** The socket breaks, and the broker learns of it. */
    void disconnect() {
        Socket lost = socket;
        socket = null;
        harness.turn(() -> harness.broker.disconnected(lost.handler, lost));
    }

    /** The broker is gone. */
    void loseSocket() {
        socket = null;
    }

    void frame(ClientFrame frame) {
        socket.frame(frame);
    }

    long nextCommand() {
        return ++lastCommand;
    }

    long identify(String newClientId) {
        return command(new ClientFrame.Identify(nextCommand(), newClientId));
    }

    long close() {
        return command(new ClientFrame.Close(nextCommand()));
    }

    long openSession(long session) {
        return command(new ClientFrame.OpenSession(nextCommand(), session));
    }

    long closeSession(long session, ClientFrame.Handed... handed) {
        return command(new ClientFrame.CloseSession(nextCommand(), session, List.of(handed)));
    }

    private long command(ClientFrame frame) {
        frame(frame);
        return lastCommand;
    }

    boolean isConfirmed(long command) {
        return confirmed >= command;
    }

    ErrorCode failure(long command) {
        ServerFrame.Failed failed = failures.get(command);
        return failed == null ? null : failed.code();
    }

    // ---- sending

    /** The number of a destination on this socket. */
    long alias(Address address) {
        Long alias = aliases.get(address);
        if (alias == null) {
            alias = (long) aliases.size() + 1;
            aliases.put(address, alias);
            frame(new ClientFrame.DeclareAddress(alias, address));
        }
        return alias;
    }

    static EnvelopeBuilder message(String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        return new EnvelopeBuilder().persistent(true).body(BodyKind.TEXT, body, body.length);
    }

    long send(Address address, String text) {
        return send(address, message(text));
    }

    long send(Address address, EnvelopeBuilder message) {
        return send(1, false, address, message);
    }

    long sendTransacted(Address address, String text) {
        return send(1, true, address, message(text));
    }

    long send(long session, boolean transacted, Address address, EnvelopeBuilder message) {
        return send(session, transacted, address, message.build().bytes());
    }

    long send(long session, boolean transacted, Address address, byte[] envelope) {
        long alias = alias(address);
        return command(new ClientFrame.Send(nextCommand(), session, transacted, true, alias, envelope));
    }

    /** A message that is not stored, and whose confirmation nobody waits for. */
    long sendUnawaited(Address address, String text) {
        return sendUnawaited(address, message(text).persistent(false));
    }

    long sendUnawaited(Address address, EnvelopeBuilder message) {
        long alias = alias(address);
        byte[] envelope = message.build().bytes();
        return command(new ClientFrame.Send(nextCommand(), 1, false, false, alias, envelope));
    }

    // ---- receiving

    long generation(long consumer) {
        return generations.getOrDefault(consumer, 0L);
    }

    private long newGeneration(long consumer) {
        return generations.merge(consumer, 1L, Long::sum);
    }

    long attach(long consumer, Address address) {
        return attach(1, consumer, Source.queue(address, null));
    }

    long attach(long session, long consumer, Source source) {
        return attach(session, consumer, source, EntryRanges.NONE);
    }

    long attach(long session, long consumer, Source source, EntryRanges held) {
        return command(new ClientFrame.Attach(nextCommand(), session, consumer, newGeneration(consumer), source, held));
    }

    /** A consumer in session 1 with plenty of credit. */
    TestClient consume(long consumer, Address address) {
        return consume(consumer, Source.queue(address, null));
    }

    TestClient consume(long consumer, Source source) {
        attach(1, consumer, source);
        credit(consumer, 1_000_000);
        return this;
    }

    void credit(long consumer, long limit) {
        frame(new ClientFrame.Credit(consumer, generation(consumer), limit));
    }

    void drain(long consumer, long token) {
        frame(new ClientFrame.Drain(consumer, generation(consumer), token));
    }

    boolean isDrained(long token) {
        return received.stream()
                .anyMatch(frame -> frame instanceof ServerFrame.Drained drained && drained.token() == token);
    }

    long detach(long consumer, long... handed) {
        return command(new ClientFrame.Detach(nextCommand(), consumer, ranges(handed)));
    }

    long acknowledge(long consumer, long... entries) {
        return acknowledge(consumer, false, true, ranges(entries));
    }

    long acknowledgeTransacted(long consumer, long... entries) {
        return acknowledge(consumer, true, false, ranges(entries));
    }

    long acknowledge(long consumer, boolean transacted, boolean forced, EntryRanges entries) {
        return command(new ClientFrame.Acknowledge(nextCommand(), consumer, transacted, forced, entries));
    }

    long release(long consumer, long... handed) {
        long generation = newGeneration(consumer);
        return command(new ClientFrame.Release(nextCommand(), consumer, generation, ranges(handed)));
    }

    long commit(long session) {
        return command(new ClientFrame.Commit(nextCommand(), session));
    }

    long reopen(long session) {
        return command(new ClientFrame.Reopen(nextCommand(), session));
    }

    /** The sessions that were told that they may try again, since the last call. */
    List<Long> takeUnblocked() {
        List<Long> sessions = received.stream()
                .filter(ServerFrame.Unblocked.class::isInstance)
                .map(frame -> ((ServerFrame.Unblocked) frame).session())
                .toList();
        received.removeIf(ServerFrame.Unblocked.class::isInstance);
        return sessions;
    }

    long rollback(long session) {
        return command(new ClientFrame.Rollback(nextCommand(), session));
    }

    /** What came since the last call. */
    List<ServerFrame.Deliver> take() {
        List<ServerFrame.Deliver> fresh = List.copyOf(deliveries.subList(taken, deliveries.size()));
        taken = deliveries.size();
        return fresh;
    }

    /** The texts of what came since the last call. */
    List<String> takeTexts() {
        return take().stream().map(TestClient::text).toList();
    }

    /** What came since the last call, for one consumer. */
    List<String> textsOf(long consumer) {
        return deliveries.stream()
                .filter(deliver -> deliver.consumer() == consumer)
                .map(TestClient::text)
                .toList();
    }

    /** Entries of the last {@code count} deliveries. */
    long[] lastEntries(int count) {
        return deliveries.subList(deliveries.size() - count, deliveries.size()).stream()
                .mapToLong(ServerFrame.Deliver::entry)
                .toArray();
    }

    ServerFrame.Deliver last() {
        return deliveries.get(deliveries.size() - 1);
    }

    static String text(ServerFrame.Deliver deliver) {
        Envelope envelope = envelope(deliver);
        return new String(envelope.body().readRemaining(), StandardCharsets.UTF_8);
    }

    static Envelope envelope(ServerFrame.Deliver deliver) {
        return Envelope.of(deliver.envelope());
    }

    static EntryRanges ranges(long... entries) {
        EntryRanges.Builder builder = new EntryRanges.Builder();
        for (long entry : entries) {
            builder.add(entry);
        }
        return builder.build();
    }

    // ---- global transactions

    static BranchId branch(int number) {
        return new BranchId(1, new byte[] {(byte) number}, new byte[] {1});
    }

    long xaStart(int branch, int flags) {
        return xaStart(1, branch, flags);
    }

    long xaStart(long session, int branch, int flags) {
        return command(new ClientFrame.XaStart(nextCommand(), session, branch(branch), flags));
    }

    long xaEnd(int branch, int flags) {
        return xaEnd(1, branch, flags);
    }

    long xaEnd(long session, int branch, int flags) {
        return command(new ClientFrame.XaEnd(nextCommand(), session, branch(branch), flags));
    }

    long xaPrepare(int branch) {
        return command(new ClientFrame.XaPrepare(nextCommand(), branch(branch)));
    }

    long xaCommit(int branch, boolean onePhase) {
        return command(new ClientFrame.XaCommit(nextCommand(), branch(branch), onePhase));
    }

    long xaRollback(int branch) {
        return command(new ClientFrame.XaRollback(nextCommand(), branch(branch)));
    }

    long xaForget(int branch) {
        return command(new ClientFrame.XaForget(nextCommand(), branch(branch)));
    }

    long xaTimeout(long seconds) {
        return command(new ClientFrame.XaTimeout(nextCommand(), 1, seconds));
    }

    List<BranchId> xaRecover() {
        return xaRecoverFrames().stream()
                .flatMap(frame -> frame.branches().stream())
                .toList();
    }

    List<ServerFrame.XaBranches> xaRecoverFrames() {
        long token = received.size() + 1000;
        frame(new ClientFrame.XaRecover(token));
        return received.stream()
                .filter(frame -> frame instanceof ServerFrame.XaBranches branches && branches.token() == token)
                .map(frame -> (ServerFrame.XaBranches) frame)
                .toList();
    }

    // ---- others

    long createTemporary(Address address) {
        return command(new ClientFrame.CreateTemporary(nextCommand(), address));
    }

    long deleteTemporary(Address address) {
        return command(new ClientFrame.DeleteTemporary(nextCommand(), address));
    }

    long unsubscribe(String name) {
        return command(new ClientFrame.Unsubscribe(nextCommand(), name));
    }

    static Source topic(String name) {
        return new Source(Address.topic(name), Source.Mode.CONSUME, null, false, false, false, null);
    }

    static Source durable(String topic, String subscription) {
        return new Source(Address.topic(topic), Source.Mode.CONSUME, subscription, true, false, false, null);
    }

    static Source shared(String topic, String subscription, boolean durable) {
        return new Source(Address.topic(topic), Source.Mode.CONSUME, subscription, durable, true, false, null);
    }

    static Source with(Source source, boolean noLocal, String selector) {
        return new Source(
                source.address(),
                source.mode(),
                source.subscription(),
                source.durable(),
                source.shared(),
                noLocal,
                selector);
    }

    static Source claim(Source source) {
        return new Source(
                source.address(),
                Source.Mode.CLAIM,
                source.subscription(),
                source.durable(),
                source.shared(),
                source.noLocal(),
                source.selector());
    }
}
