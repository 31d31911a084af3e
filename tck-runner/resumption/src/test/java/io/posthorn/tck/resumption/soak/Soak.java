package io.posthorn.tck.resumption.soak;

import static io.posthorn.tck.resumption.soak.Consumers.of;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.tck.resumption.Rig;
import io.posthorn.tck.resumption.soak.Actor.Part;
import io.posthorn.tck.resumption.soak.Consumers.Source;
import io.posthorn.tck.resumption.soak.Ledger.Sharing;
import jakarta.jms.Connection;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import jakarta.jms.XAConnection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers and consumers at work, breaks, and the reckoning.
 *
 * <ul>
 *   <li>What was confirmed has arrived; what was rolled back has not.
 *   <li>What a transacted or client-acknowledging consumer has finished does not come again. What somebody has in hand comes to another
 *       after a restart only, and with the flag. What was given back comes with a delivery count that is one higher.
 *   <li>A sole consumer gets everything in the order of its sender, however often it rolls back, and no commit or acknowledgement of it
 *       fails. Where there are others, one fails only if the server was started again meanwhile. Commits of senders and XA verbs never
 *       fail, but for a branch that two connections work in: it may be rolled back when one of them has not come back to it after a
 *       restart.
 *   <li>What the server keeps in memory only is not lost while it runs, and does not come twice.
 *   <li>Nobody is told of a lost connection, and every call returns.
 * </ul>
 */
final class Soak {

    private static final Logger LOG = LoggerFactory.getLogger(Soak.class);

    /** After the breaks end, everything arrives; so long without any arrival means that something does not. */
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(40);

    private static final long JOIN_MS = 150_000;

    private static final List<String> LEFTOVERS = List.of(
            "soak.work",
            "soak.done",
            "soak.shared",
            "soak.single",
            "soak.branches",
            "soak.branched",
            "soak.passing",
            "posthorn.dead-letters");

    private final Rig rig;
    private final long seed;
    private final Runs runs = new Runs();
    private final java.util.Queue<String> violations = new ConcurrentLinkedQueue<>();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Feed> feeds = new ArrayList<>();
    private final List<Thread> producers = new ArrayList<>();
    private final List<Thread> consumers = new ArrayList<>();
    private final CountDownLatch consumersEnd = new CountDownLatch(1);
    private final CountDownLatch connected = new CountDownLatch(1);
    private final AtomicInteger toConnect = new AtomicInteger();
    private final AtomicInteger excused = new AtomicInteger();
    private volatile boolean producing = true;

    Soak(Rig rig, long seed) {
        this.rig = rig;
        this.seed = seed;
    }

    /** Runs for so long, and gives what went wrong. */
    List<String> run(Duration length) throws InterruptedException, JMSException {
        LOG.info("The soak runs for {} with seed {}", length, seed);
        Conversation conversation = cast();
        Breaker breaker = new Breaker(rig, this, runs, new Random(seed));
        Thread breaking = new Thread(breaker::run, "breaker");
        toConnect.set(producers.size() + consumers.size());
        consumers.forEach(Thread::start);
        producers.forEach(Thread::start);
        if (!connected.await(JOIN_MS, TimeUnit.MILLISECONDS)) {
            violations.add(toConnect + " actors did not connect");
        }
        breaking.start();
        breaking.join(length.toMillis());
        breaker.stop();
        breaking.join(JOIN_MS);
        producing = false;
        join(producers);
        awaitArrivals();
        consumersEnd.countDown();
        join(consumers);
        ledgers.forEach(ledger -> violations.addAll(ledger.missing()));
        ledgers.forEach(ledger -> violations.addAll(ledger.unwanted()));
        feeds.forEach(feed -> violations.addAll(feed.lost()));
        checkLeftovers();
        LOG.info(
                "The soak with seed {} had {}; {} commits and acknowledgements failed by a restart",
                seed,
                breaker,
                excused);
        ledgers.forEach(ledger -> LOG.info("{}", ledger));
        feeds.forEach(feed -> LOG.info("{}", feed));
        LOG.info("{}", conversation);
        return List.copyOf(violations);
    }

    private Conversation cast() {
        castWork();
        castShared();
        castSubscribers();
        castAlone();
        castFeeds();
        Queue questions = new PosthornQueue("soak.questions");
        Standing asker = new Standing(runs);
        Conversation conversation = new Conversation(runs, asker, violations);
        producers.add(thread("asker", null, asker, conversation.asker(questions)));
        consume("answerer", conversation.answerer(questions));
        return conversation;
    }

    /** From queue to queue, with several at each step. */
    private void castWork() {
        Queue work = new PosthornQueue("soak.work");
        Queue done = new PosthornQueue("soak.done");
        Ledger worked = ledger("work", Sharing.SHARED);
        Ledger finished = ledger("done", Sharing.SHARED);
        produce("sender-1", Producers.sender(1, worked, work));
        produce("async-2", Producers.asyncSender(2, worked, work));
        produce("transacted-3", Producers.transactedSender(3, worked, work));
        consume("relay-1", Consumers.relay(101, worked, of(work), finished, done));
        consume("relay-2", Consumers.relay(102, worked, of(work), finished, done));
        consume("acknowledger-1", Consumers.acknowledger(finished, of(done)));
        consume("acknowledger-2", Consumers.acknowledger(finished, of(done)));
    }

    /** Several who acknowledge automatically. */
    private void castShared() {
        Queue shared = new PosthornQueue("soak.shared");
        Ledger taken = ledger("shared", Sharing.SHARED);
        produce("sender-4", Producers.sender(4, taken, shared));
        produce("async-5", Producers.asyncSender(5, taken, shared));
        consume("receiver-1", Consumers.receiver(taken, of(shared)));
        consume("receiver-2", Consumers.receiver(taken, of(shared)));
        consume("listener-1", Consumers.listener(taken, of(shared), false));
    }

    private void castSubscribers() {
        Topic news = new PosthornTopic("soak.news");
        Topic parts = new PosthornTopic("soak.parts");
        Ledger read = ledger("news", Sharing.ALONE);
        Ledger split = ledger("parts", Sharing.SHARED);
        Source reading = session -> session.createDurableConsumer(news, "reader");
        Source part = session -> session.createSharedDurableConsumer(parts, "parts");
        produce("sender-6", Producers.sender(6, read, news));
        produce("transacted-7", Producers.transactedSender(7, split, parts));
        String reader = "soak-reader";
        consumers.add(thread("reader", reader, new Standing(runs), Consumers.acknowledger(read, reading)));
        consume("part-1", Consumers.receiver(split, part));
        consume("part-2", Consumers.receiver(split, part));
        subscribeFirst(reader, reading);
        subscribeFirst(null, part);
    }

    /** So that no message is older than its subscription. */
    private void subscribeFirst(String clientId, Source source) {
        try (Connection connection = rig.directFactory().createConnection()) {
            if (clientId != null) {
                connection.setClientID(clientId);
            }
            source.open(connection.createSession()).close();
        } catch (JMSException e) {
            fail("subscribing", e);
        }
    }

    /** One consumer at each step, in a local transaction, in XA branches, and listening. */
    private void castAlone() {
        Queue single = new PosthornQueue("soak.single");
        Queue branches = new PosthornQueue("soak.branches");
        Queue branched = new PosthornQueue("soak.branched");
        Ledger taken = ledger("single", Sharing.ALONE);
        Ledger moved = ledger("branches", Sharing.ALONE);
        Ledger heard = ledger("branched", Sharing.ALONE);
        produce("sender-8", Producers.sender(8, taken, single));
        produce("transacted-9", Producers.transactedSender(9, taken, single));
        consume("transacted", Consumers.transacted(taken, of(single)));
        produce("async-10", Producers.asyncSender(10, moved, branches));
        consume("xa-relay", XaRelay.part(103, moved, branches, heard, branched));
        consume("listener-2", Consumers.listener(heard, of(branched), true));
    }

    /** What the server keeps in memory only. */
    private void castFeeds() {
        Topic live = new PosthornTopic("soak.live");
        Queue passing = new PosthornQueue("soak.passing");
        Standing viewer = new Standing(runs);
        Standing passer = new Standing(runs);
        Feed liveFeed = feed("live", viewer, true);
        Feed plainFeed = feed("passing", passer, false);
        Feed transactedFeed = feed("passing in transactions", passer, false);
        produce("sender-11", Producers.feeder(liveFeed, live, DeliveryMode.PERSISTENT));
        produce("sender-12", Producers.feeder(plainFeed, passing, DeliveryMode.NON_PERSISTENT));
        produce("transacted-13", Producers.transactedFeeder(transactedFeed, passing));
        consumers.add(
                thread("viewer", null, viewer, Consumers.feedReader(of(live), Map.of(liveFeed.name(), liveFeed))));
        Map<String, Feed> both = Map.of(plainFeed.name(), plainFeed, transactedFeed.name(), transactedFeed);
        consumers.add(thread("passer", null, passer, Consumers.feedReader(of(passing), both)));
    }

    private Ledger ledger(String name, Sharing sharing) {
        Ledger ledger = new Ledger(name, sharing, runs, violations);
        ledgers.add(ledger);
        return ledger;
    }

    private Feed feed(String name, Standing consumer, boolean persistent) {
        Feed feed = new Feed(name, runs, consumer, persistent, violations);
        feeds.add(feed);
        return feed;
    }

    private void produce(String name, Part part) {
        producers.add(thread(name, null, new Standing(runs), part));
    }

    private void consume(String name, Part part) {
        consumers.add(thread(name, null, new Standing(runs), part));
    }

    private Thread thread(String name, String clientId, Standing standing, Part part) {
        Actor actor = new Actor(name, this, standing, new Random(seed + name.hashCode()));
        Thread thread = new Thread(() -> play(actor, clientId, part), name);
        thread.setDaemon(true);
        return thread;
    }

    private void play(Actor actor, String clientId, Part part) {
        try (Connection connection = open(actor.name())) {
            if (clientId != null) {
                connection.setClientID(clientId);
            }
            connection.start();
            if (toConnect.decrementAndGet() == 0) {
                connected.countDown();
            }
            actor.play(part, connection);
        } catch (JMSException | RuntimeException e) {
            fail(actor.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection that is not started, whose loss would be a violation. */
    XAConnection open(String who) throws JMSException {
        XAConnection connection = rig.xaFactory("&requestTimeout=120s").createXAConnection();
        connection.setExceptionListener(e -> fail(who + "'s exception listener", e));
        return connection;
    }

    private void awaitArrivals() throws InterruptedException {
        long arrived = -1;
        long sinceNs = System.nanoTime();
        while (!violationsShow() && isMissing() && System.nanoTime() - sinceNs < QUIET_NS) {
            long now = ledgers.stream().mapToLong(Ledger::arrivedCount).sum();
            if (now != arrived) {
                arrived = now;
                sinceNs = System.nanoTime();
            }
            consumersEnd.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private boolean violationsShow() {
        return violations.stream().anyMatch(violation -> violation.startsWith("breaker"));
    }

    private boolean isMissing() {
        return ledgers.stream().anyMatch(Ledger::isMissingAny);
    }

    private void join(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(JOIN_MS);
            if (thread.isAlive()) {
                violations.add(thread.getName() + " hangs at " + stack(thread));
            }
        }
    }

    private static String stack(Thread thread) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : thread.getStackTrace()) {
            text.append("\n    at ").append(frame);
        }
        return text.toString();
    }

    /** Nothing is left that nobody was to have, and nothing was given up as undeliverable. */
    private void checkLeftovers() throws JMSException {
        try (var connection = rig.directFactory().createConnection()) {
            connection.start();
            Session session = connection.createSession();
            for (String name : LEFTOVERS) {
                QueueBrowser browser = session.createBrowser(session.createQueue(name));
                int count = 0;
                for (var left = browser.getEnumeration(); left.hasMoreElements(); left.nextElement()) {
                    count++;
                }
                if (count > 0) {
                    violations.add(count + " messages are left on " + name);
                }
            }
        }
    }

    /** A restart took something from somebody, as it may. */
    void countExcused() {
        excused.incrementAndGet();
    }

    boolean isProducing() {
        return producing;
    }

    boolean isConsuming() {
        return consumersEnd.getCount() > 0;
    }

    void awaitConsumersEnd() throws InterruptedException {
        consumersEnd.await();
    }

    void fail(String who, Throwable problem) {
        StringWriter text = new StringWriter();
        problem.printStackTrace(new PrintWriter(text));
        violations.add(who + " failed: " + text);
    }
}
