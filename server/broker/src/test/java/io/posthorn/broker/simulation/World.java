package io.posthorn.broker.simulation;

import io.posthorn.broker.Broker;
import io.posthorn.broker.BrokerSettings;
import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.Host;
import io.posthorn.broker.Logs;
import io.posthorn.broker.StoreReport;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.broker.limit.RetryRule;
import io.posthorn.journal.Journal;
import io.posthorn.journal.JournalException;
import io.posthorn.testkit.MemoryJournal;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.Envelope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A broker, its log and some clients on one thread, with chance in the place of time and network: frames and contents
 * arrive when chance says so, sockets break, the broker ends in order, is killed, or loses its power.
 */
final class World implements Host {

    private static final boolean VERBOSE = Boolean.getBoolean("posthorn.simulation.verbose");

    /** In one step of so many the broker's driver is alone, and the log is synced in its end. */
    private static final int STEPS_ALONE = 5;

    private static final long WINDOW_MS = 30_000;
    private static final long START_MS = 1_000_000;

    /** Transactions do not meet this limit. */
    private static final int STAGED_BYTES_MAX = 1 << 20;

    final Random random;
    final Ledger ledger;
    final List<Client> clients = new ArrayList<>();

    /** All branches that ever began, and those whose connection is over. */
    final Map<BranchId, Ledger.Unit> branches = new LinkedHashMap<>();

    final Map<BranchId, Ledger.Unit> orphans = new LinkedHashMap<>();
    final Troubles troubles;
    final StringBuilder trace = new StringBuilder();
    private final BrokerSettings settings;

    /** Whether confirmations wait only for the write; then the power does not fail. */
    private final boolean powerIsSafe;

    private final List<Long> fetches = new ArrayList<>();
    private final List<long[]> scans = new ArrayList<>();
    MemoryJournal journal;
    Logs logs;
    Broker broker;
    long nowMs = START_MS;
    private long latestMs = START_MS;
    int steps;

    /** Of the journal, when the broker has not heard of it; null otherwise. */
    private Progress news;

    private boolean failed;
    private int connections;

    private record Progress(long written, long synced) {}

    World(long seed, int clientCount) {
        this(seed, clientCount, false);
    }

    /** {@code troubled} says whether there may be {@link Troubles}, and little room for transactions. */
    World(long seed, int clientCount, boolean troubled) {
        random = new Random(seed);
        troubles = troubled ? Troubles.of(this, seed) : Troubles.none(this);
        Random more = new Random(seed * 17 + 3);
        boolean isShortOfStage = troubled && more.nextInt(3) == 0;
        ledger = new Ledger(() -> {});
        boolean small = random.nextBoolean();
        powerIsSafe = random.nextInt(4) == 0;
        DestinationSettings destination = destination(new Random(~seed));
        settings = new BrokerSettings(
                1 << 20,
                WINDOW_MS,
                small ? 0 : random.nextInt(4000),
                random.nextInt(3) == 0 ? 1 << 20 : random.nextInt(3000),
                isShortOfStage ? 1500 + more.nextInt(4000) : STAGED_BYTES_MAX,
                1 + random.nextInt(8),
                random.nextBoolean() ? 2000 : 1 << 20,
                slack(troubled && more.nextInt(3) == 0, more),
                5_000 + random.nextInt(100_000),
                name -> destination);
        journal = MemoryJournal.stepped(random.nextBoolean() ? 1024 : 1 << 16);
        start();
        new Collector(this).subscribe(Places.SHARED);
        new Collector(this, Places.clientIdOf(0)).subscribe(Places.UNSHARED);
        for (int index = 0; index < clientCount; index++) {
            clients.add(new Client(this, index));
        }
    }

    /** With next to none the scratch log is compacted, too. */
    private long slack(boolean none, Random more) {
        long usual = random.nextBoolean() ? 500 + random.nextInt(3000) : 1L << 40;
        return none ? more.nextInt(200) : usual;
    }

    /** With a chance of its own, so that seeds keep their course. */
    private DestinationSettings destination(Random chance) {
        int attemptsMax = random.nextBoolean() ? 0 : 2 + random.nextInt(4);
        long delayMs = chance.nextBoolean() ? 0 : 1 + chance.nextInt(2000);
        int factor = 1 + chance.nextInt(2);
        LimitPolicy policy = LimitPolicy.values()[chance.nextInt(LimitPolicy.values().length)];
        QueueLimit limit = chance.nextBoolean()
                ? QueueLimit.NONE
                : new QueueLimit(1 + chance.nextInt(20), 500 + chance.nextInt(3000), policy);
        RetryRule retry = new RetryRule(attemptsMax, Math.max(1, chance.nextInt(3)), delayMs, factor, 3 * delayMs);
        ledger.mayDrop = !limit.isNone() && policy == LimitPolicy.DROP_OLDEST;
        return new DestinationSettings(!powerIsSafe, retry, Places.DEAD, false, limit);
    }

    UUID nextConnection() {
        return new UUID(9, ++connections);
    }

    /** For looking at one seed. */
    void trace(Supplier<String> frame) {
        if (VERBOSE) {
            trace(frame.get());
        }
    }

    void trace(String what) {
        if (trace.length() > 200_000) {
            trace.delete(0, 100_000);
        }
        trace.append(steps).append(": ").append(what).append('\n');
    }

    boolean chance(int inThousand) {
        return random.nextInt(1000) < inThousand;
    }

    // ---- a step

    void step() {
        steps++;
        troubles.actSometimes();
        Client client = clients.get(random.nextInt(clients.size()));
        int dice = random.nextInt(1000);
        if (dice < 450) {
            client.act();
        } else if (dice < 800) {
            turn(() -> client.deliverSome(1 + random.nextInt(8)));
        } else if (dice < 880) {
            journal.runWrite();
        } else if (dice < 940) {
            journal.runWrite();
            journal.runSync();
        } else if (dice < 960) {
            readSome();
            scanSome();
        } else if (dice < 978) {
            passTime(random.nextInt(2000));
        } else if (dice < 986) {
            client.breakSocket();
        } else if (dice < 990) {
            jump();
        } else if (dice < 994) {
            end();
        } else if (dice < 996) {
            recoverOrphans();
        } else {
            turn(() -> broker.checkpoint());
        }
        if (news != null || chance(300)) {
            passTime(random.nextInt(2));
            turn(() -> {});
        }
    }

    private void passTime(long ms) {
        nowMs += ms;
        latestMs = Math.max(latestMs, nowMs);
        if (clients.stream().anyMatch(client -> client.isAwayTooLong(WINDOW_MS))) {
            ledger.countsAreExact = false;
        }
    }

    /** The clock is not to be trusted: it is set forward, by a little or much, or back. */
    private void jump() {
        int dice = random.nextInt(10);
        if (dice < 7) {
            passTime(WINDOW_MS / 2);
        } else if (dice < 8) {
            passTime(random.nextInt(3_600_000));
        } else {
            nowMs = Math.max(START_MS, nowMs - random.nextInt(60_000));
        }
        trace("it is " + nowMs);
    }

    private void recoverOrphans() {
        if (!orphans.isEmpty()) {
            Collector coordinator = new Collector(this);
            coordinator.resolve(orphans);
            coordinator.leave();
            orphans.clear();
        }
    }

    /** A delivery leaves the broker. */
    void checkIsDue(ServerFrame.Deliver deliver) {
        long dueMs = Envelope.of(deliver.envelope()).deliveryTime();
        ledger.check(dueMs <= latestMs, "delivered before " + dueMs + ": " + deliver, null);
    }

    void turn(Runnable work) {
        oneTurn(work);
        if (broker.nextDeadlineMs() <= nowMs) {
            oneTurn(() -> {}); // what came was expired already
        }
        ledger.check(broker.nextDeadlineMs() > nowMs, "a deadline that has passed: " + broker.nextDeadlineMs(), null);
    }

    private void oneTurn(Runnable work) {
        broker.advance(nowMs);
        broker.onPressure(troubles.pressure);
        takeProgress();
        work.run();
        broker.endTurn(steps % STEPS_ALONE == 0);
    }

    @Override
    public void takeProgress() {
        Progress told = news;
        news = null;
        if (told != null) {
            broker.onProgress(told.written(), told.synced());
        }
    }

    private void readSome() {
        for (int count = random.nextInt(10); count > 0 && !fetches.isEmpty(); count--) {
            long position = fetches.remove(random.nextInt(fetches.size()));
            turn(() -> answer(position));
        }
    }

    private void answer(long position) {
        try {
            broker.onContent(position, logs.read(position));
        } catch (JournalException failure) {
            broker.onContentFailed(position, failure.getMessage());
        }
    }

    @Override
    public void fetch(long position) {
        fetches.add(position);
    }

    @Override
    public void scan(long segment, long from) {
        scans.add(new long[] {segment, from});
    }

    private void scanSome() {
        List<long[]> wanted = List.copyOf(scans);
        scans.clear();
        for (long[] scan : wanted) {
            turn(() -> {
                try {
                    broker.onScanned(scan[0], logs.scan(scan[0], scan[1], 200));
                } catch (JournalException failure) {
                    broker.onScanFailed(scan[0], failure.getMessage());
                }
            });
        }
    }

    /** The broker ends, this way or that, and starts again. */
    void end() {
        int dice = random.nextInt(10);
        trace("the broker ends, way " + dice);
        if (dice < 5 && !powerIsSafe) {
            journal = journal.crash(random);
        } else if (dice < 7) {
            journal = journal.kill(random);
        } else {
            if (dice < 9) {
                turn(() -> broker.checkpoint());
            }
            journal.close();
            journal = journal.reopen();
        }
        begin();
    }

    /** The broker ends because its log has failed, and starts again with what was written, or only with what was synced. */
    void endBadly() {
        ledger.check(failed, "nobody was told that the log has failed", null);
        journal = powerIsSafe ? journal.kill(random) : journal.crash(random);
        begin();
    }

    /** Whether the log has failed, so that the broker must not be called any more. */
    boolean hasFailed() {
        return failed;
    }

    private void begin() {
        clients.forEach(Client::onBrokerLost);
        ledger.run++;
        ledger.countsAreExact = false;
        start();
    }

    private void start() {
        logs = new Logs(journal, MemoryJournal.scratch(256));
        fetches.clear();
        scans.clear();
        news = null;
        failed = false;
        broker = new Broker(settings, logs, this);
        try {
            broker.recover(nowMs);
        } catch (JournalException failure) {
            throw new AssertionError(failure);
        }
        journal.listen(new Journal.ProgressListener() {
            @Override
            public void onProgress(long written, long synced) {
                news = new Progress(written, synced);
            }

            @Override
            public void onFailure(JournalException failure) {
                failed = true;
            }
        });
        turn(() -> {});
    }

    // ---- the end

    /** Lets everything happen that can, without chance. */
    void settle() {
        for (int round = 0; round < 50; round++) {
            for (Client client : clients) {
                client.connectIfNeeded();
                turn(() -> client.deliverSome(Integer.MAX_VALUE));
            }
            journal.runWrite();
            journal.runSync();
            turn(() -> {});
            while (!fetches.isEmpty()) {
                long position = fetches.remove(0);
                turn(() -> answer(position));
            }
            scanSome();
            clients.forEach(client -> client.read(Integer.MAX_VALUE));
            passTime(Math.max(0, latestMs - nowMs) + 1); // what nobody waits for is confirmed late
        }
    }

    /** Ends all work, empties the queues, and lets the judge speak. */
    void finish() {
        retire();
        empty();
    }

    /** Ends all work. */
    void retire() {
        troubles.relieve();
        settle();
        clients.forEach(Client::checkAnswered);
        for (int round = 0; round < 4; round++) {
            clients.forEach(Client::wrapUp);
            settle();
        }
        clients.forEach(Client::close);
        settle();
        nowMs = latestMs + 10 * WINDOW_MS;
        turn(() -> {});
        settle();
        clients.clear();
    }

    /** Empties the queues, and lets the judge speak. */
    void empty() {
        if (random.nextBoolean()) {
            end();
        }
        Collector collector = new Collector(this);
        collector.resolve(branches);
        for (int index = 0; index < Places.QUEUES; index++) {
            collector.drain(Places.queue(index, null));
        }
        collector.drain(Places.SHARED);
        new Collector(this, Places.clientIdOf(0)).drain(Places.UNSHARED);
        for (int index = 0; index < Places.PASSING_QUEUES; index++) {
            collector.drain(Source.queue(Places.passing(index), null));
        }
        collector.drain(Source.queue(Address.queue(Places.DEAD), null));
        ledger.checkEnd();
        checkNoPiecesAreLeft();
        if (settings.stagedBytesMax() < STAGED_BYTES_MAX) {
            collector.fillTransactions(settings.stagedBytesMax());
        }
        checkNothingIsHeld();
    }

    /** Nothing of the logs is needed when nothing is there. */
    private void checkNothingIsHeld() {
        syncAndRead();
        StoreReport report = broker.report();
        ledger.check(report.journal().liveBytes() == 0, "the log is held by nothing: " + report, null);
        ledger.check(report.scratch().liveBytes() == 0, "the scratch log is held by nothing: " + report, null);
    }

    /** All messages are gone, and with them all that they were made of. */
    private void checkNoPiecesAreLeft() {
        broker.report()
                .queues()
                .forEach(queue -> ledger.check(
                        !queue.label().contains("bodies") || queue.depth() == 0,
                        queue.depth() + " pieces of long messages are left",
                        null));
    }

    /** Runs the work of the log at once. */
    void syncAndRead() {
        for (int round = 0; round < 20; round++) {
            journal.runWrite();
            journal.runSync();
            turn(() -> {});
            while (!fetches.isEmpty()) {
                long position = fetches.remove(0);
                turn(() -> answer(position));
            }
        }
    }
}
