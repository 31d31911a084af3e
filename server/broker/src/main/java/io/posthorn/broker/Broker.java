package io.posthorn.broker;

import io.posthorn.broker.admin.Administration;
import io.posthorn.broker.admission.Admission;
import io.posthorn.broker.admission.Graveyard;
import io.posthorn.broker.compaction.Compaction;
import io.posthorn.broker.compaction.Compactor;
import io.posthorn.broker.compaction.LogMover;
import io.posthorn.broker.compaction.ScratchMover;
import io.posthorn.broker.connection.Connection;
import io.posthorn.broker.connection.Core;
import io.posthorn.broker.connection.Registry;
import io.posthorn.broker.lane.ContentMemory;
import io.posthorn.broker.lane.Residency;
import io.posthorn.broker.queue.MessageQueue;
import io.posthorn.broker.record.LogProgress;
import io.posthorn.broker.record.LogRecord;
import io.posthorn.broker.store.Checkpoints;
import io.posthorn.broker.store.Directory;
import io.posthorn.broker.store.DurableState;
import io.posthorn.broker.store.Recorder;
import io.posthorn.broker.store.Refusal;
import io.posthorn.broker.store.SpaceAccount;
import io.posthorn.broker.transaction.Branches;
import io.posthorn.broker.transaction.Units;
import io.posthorn.journal.Journal;
import io.posthorn.journal.Journal.Flush;
import io.posthorn.journal.JournalException;
import io.posthorn.journal.agent.Pressure;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.UUID;

/**
 * The state machine. All methods belong to one driver, which calls {@link #advance} first and {@link #endTurn} last in each
 * turn; in between come any number of frames, lost links, progress and contents.
 */
public final class Broker {

    /** Longest frame that is taken, in bytes; longer messages come in chunks. */
    public static final int FRAME_LENGTH_MAX = 1 << 20;

    private static final String PRODUCT = "Posthorn";

    /** Each run has so many bits of entry numbers to itself. */
    static final int RUN_SHIFT = 40;

    /** How many pages a turn may write to make room in memory. */
    private static final int PAGES_PER_TURN = 8;

    /** The scratch log has segments, and so slack, of this part of what the log has. */
    private static final int SCRATCH_PART = 4;

    private final BrokerSettings settings;
    private final Journal journal;
    private final Host host;
    private final QueueCourier courier;
    private final Residency residency;
    private final DurableState state;
    private final Recorder recorder;
    private final Branches branches;
    private final LogProgress progress = new LogProgress();
    private final Agenda agenda = new Agenda();
    private final Admission admission;
    private final Registry registry;
    private final Core core;
    private final Checkpoints checkpoints;
    private final Compaction compaction;
    private final Administration administration;
    private long timersAtMs;
    private boolean leaving;
    private boolean startedUncleanly;
    private boolean orphansDropped;

    public Broker(BrokerSettings settings, Logs logs, Host host) {
        this.settings = settings;
        this.journal = logs.journal();
        this.host = host;
        SpaceAccount space = new SpaceAccount(journal);
        courier = new QueueCourier(host, logs, space, agenda, position -> progress.hasPassed(position, true));
        ContentMemory memory = new ContentMemory(settings.contentBytesMax());
        residency = new Residency(settings.indexBytesMax(), settings.blockEntries());
        Directory directory =
                new Directory(settings.destinations(), courier, memory, residency, journal.epoch() << RUN_SHIFT);
        state = new DurableState(directory, space);
        recorder = new Recorder(journal, state, space);
        Graveyard graveyard = new Graveyard(state, recorder);
        courier.attach(state, recorder, graveyard);
        admission = new Admission(graveyard, settings.messageLengthMax());
        Units units = new Units(recorder, admission, directory.bodies(), settings.stagedBytesMax());
        branches = new Branches(state, recorder, units);
        core = new Core(settings, state, recorder, units, branches, progress, courier, admission, courier.pieces());
        registry = new Registry(core);
        branches.tell(registry::branchOver);
        checkpoints = new Checkpoints(journal, state, recorder, residency, settings.checkpointBytes());
        Compactor ofLog = new Compactor(
                new LogMover(journal, state, recorder),
                (segment, from) -> host.scan(Logs.key(true, segment), from),
                settings.compactionSlackBytes());
        Compactor ofScratch = new Compactor(
                new ScratchMover(courier.scratch(), directory),
                (segment, from) -> host.scan(Logs.key(false, segment), from),
                settings.compactionSlackBytes() / SCRATCH_PART);
        compaction = new Compaction(ofLog, ofScratch);
        administration =
                new Administration(core, registry, residency, courier.scratch().space());
    }

    /** Rebuilds the state from the journal. Once, before anything else. */
    public void recover(long nowMs) throws JournalException {
        courier.now(nowMs);
        Checkpoints.Recovered recovered = checkpoints.recover();
        courier.scratch().begin();
        progress.advance(recovered.end(), recovered.end());
        registry.expectReturns(nowMs);
        state.goLive();
        state.directory().bodies().goLive(this::releasePieces);
        // only a checkpoint at the very end knows what was in flight
        startedUncleanly = !journal.closedCleanly() || recovered.tail() > 0;
    }

    /** Long bodies are needed no more. */
    private void releasePieces(EntryRanges pieces, boolean logged) {
        MessageQueue queue = state.directory().piecesForMore();
        if (logged) {
            courier.settle(queue, pieces);
        } else {
            queue.settle(pieces);
        }
    }

    /** Tells the time, and does what is due. */
    public void advance(long nowMs) {
        courier.now(nowMs);
        admission.now(nowMs);
        leaving = false;
        if (startedUncleanly) {
            startedUncleanly = false;
            recorder.add(new LogRecord.StartedUncleanly());
            recorder.commit(Flush.LAZY);
        }
        if (!orphansDropped) {
            orphansDropped = true;
            state.directory().bodies().dropOrphans(registry.awaited());
        }
        if (nowMs >= timersAtMs) {
            registry.advance(nowMs);
            branches.advance(nowMs);
            agenda.advance(nowMs);
        }
    }

    /**
     * Accepts a connection, new or resuming, and answers with CONNECTED or REFUSED through the outlet. Null when it was
     * refused (the outlet is closed then).
     */
    public ClientFrame.Handler connect(ClientFrame.Connect frame, Login login, Outlet outlet) {
        UUID id = frame.connection();
        boolean known = registry.find(id) != null || state.connection(id) != null;
        try {
            Connection connection = admit(frame, login);
            registry.add(connection);
            ServerFrame.Connected greeting = new ServerFrame.Connected(
                    journal.identity(),
                    journal.epoch(),
                    PRODUCT,
                    FRAME_LENGTH_MAX,
                    settings.messageLengthMax(),
                    frame.heartbeatMs(),
                    settings.resumeWindowMs(),
                    connection.lastCommand(),
                    known);
            connection.connect(outlet, login, greeting, frame.lastConfirmed());
            return connection;
        } catch (Refusal refusal) {
            outlet.send(new ServerFrame.Refused(refusal.code(), refusal.getMessage()));
            outlet.close();
            return null;
        }
    }

    /** The connection that goes on, or a new one. */
    private Connection admit(ClientFrame.Connect frame, Login login) throws Refusal {
        UUID id = frame.connection();
        Connection connection = registry.find(id);
        boolean forgotten = connection == null && frame.knownRun() == journal.epoch();
        if (state.isExpired(id) || forgotten) {
            throw new Refusal(
                    ErrorCode.RESUME_EXPIRED,
                    "the connection did not come back within the resume window of " + settings.resumeWindowMs()
                            + " ms, and what it held was given to others");
        }
        if (connection == null) {
            connection = new Connection(core, registry, id);
        } else if (!connection.isOf(login)) {
            throw new Refusal(ErrorCode.SECURITY, "the connection belongs to another user than '" + login.user() + "'");
        }
        connection.identify(frame.clientId());
        return connection;
    }

    /** A socket is gone; what its connection holds is kept for the resume window, unless another socket took over. */
    public void disconnected(ClientFrame.Handler handler, Outlet outlet) {
        if (handler instanceof Connection connection && connection.isUsing(outlet)) {
            connection.disconnect(courier.nowMs());
        }
    }

    /** A socket that was full takes more. */
    public void drained(ClientFrame.Handler handler) {
        if (handler instanceof Connection connection) {
            connection.drained();
        }
    }

    /** The journal got this far. */
    public void onProgress(long written, long synced) {
        progress.advance(written, synced);
        registry.onProgress();
        administration.onProgress();
        checkpoints.onSynced(synced);
    }

    /** The record that {@link Host#fetch} asked for. */
    public void onContent(long key, byte[] record) {
        courier.onContent(key, record);
    }

    /** The record that {@link Host#fetch} asked for cannot be read. */
    public void onContentFailed(long key, String cause) {
        courier.onContentFailed(key, cause);
    }

    /** What {@link Host#scan} asked for; {@code next} is where to go on, 0 at the end of the segment. */
    public void onScanned(long key, Journal.Portion portion) {
        compaction.of(Logs.isDurable(key)).onScanned(Logs.position(key), portion.records(), portion.next());
    }

    /** What {@link Host#scan} asked for cannot be read. */
    public void onScanFailed(long key, String cause) {
        compaction.of(Logs.isDurable(key)).onScanFailed(Logs.position(key), cause);
    }

    /** The journal is short of something, or, with null, of nothing; whoever would take more of it waits. */
    public void onPressure(Pressure pressure) {
        admission.onPressure(pressure);
        checkpoints.pressed(pressure != null);
    }

    /** Ends a turn: starts writing what was decided, confirms and flushes what is ready. */
    public void endTurn() {
        endTurn(false);
    }

    /**
     * The same, for a driver that may have nothing else to do now. It may have to write itself, when nobody else is served either;
     * {@link Host#takeProgress} is called then, so that whoever waits is answered in this turn.
     */
    public void endTurn(boolean nothingElse) {
        decide();
        if (!nothingElse || !registry.servesLogOnly()) {
            journal.flush();
        } else if (journal.flushHere()) {
            host.takeProgress();
            journal.flushHere(); // also what the progress led to
        }
        tell();
    }

    private void decide() {
        administration.work();
        if (!leaving) {
            courier.clear();
            compaction.work(courier.nowMs());
            residency.trim(PAGES_PER_TURN);
            checkpoints.takeIfDue(courier.nowMs());
        }
    }

    private void tell() {
        courier.scratch().flush();
        admission.wake();
        registry.endTurn();
        timersAtMs = nextDeadlineMs();
    }

    /** When {@link #advance} must be called next at the latest, ms since 1970; {@link Long#MAX_VALUE} for never. */
    public long nextDeadlineMs() {
        long next = Math.min(Math.min(registry.nextDeadlineMs(), branches.nextDeadlineMs()), agenda.nextDeadlineMs());
        next = Math.min(next, Math.min(compaction.nextDeadlineMs(), checkpoints.nextDeadlineMs()));
        next = Math.min(next, admission.nextDeadlineMs());
        return administration.isBusy() ? Math.min(next, courier.nowMs() + 1) : next;
    }

    /** The operator's side. Within a turn, like all else. */
    public Administration administration() {
        return administration;
    }

    /** What the broker holds now. Goes through the list of queues and blocks, not through messages. */
    public StoreReport report() {
        return new StoreReport(
                state.directory().queues().stream()
                        .map(queue -> StoreReport.QueueLine.of(queue, admission))
                        .toList(),
                StoreReport.LogLine.of(state.space()),
                StoreReport.LogLine.of(courier.scratch().space()),
                residency.bytes(),
                StoreReport.PressureLine.of(admission));
    }

    /**
     * Stores the state, so that the next start replays nothing. Before the journal is closed in order: without it, the next
     * run must take all that was ever delivered for seen.
     */
    public void checkpoint() {
        leaving = true;
        checkpoints.take();
    }
}
