package io.posthorn.tck.resumption.soak;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.tck.resumption.Rig;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.QueueBrowser;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers and consumers at work, breaks, and the reckoning: what was confirmed has arrived, what was finished by a transacted or
 * client-acknowledging consumer has not come again, repeats are flagged, nobody was told of a lost connection.
 */
final class Soak {

    private static final Logger LOG = LoggerFactory.getLogger(Soak.class);

    /** After the breaks end, everything arrives; so long without any arrival means that something does not. */
    private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(20);

    private static final long JOIN_MS = 60_000;
    private static final int ACTORS = 19;

    private final Rig rig;
    private final long seed;
    private final java.util.Queue<String> violations = Ledger.violations();
    private final List<Ledger> ledgers = new ArrayList<>();
    private final List<Thread> producers = new ArrayList<>();
    private final List<Thread> consumers = new ArrayList<>();
    private final CountDownLatch consumersEnd = new CountDownLatch(1);
    private final AtomicLong answered = new AtomicLong();
    private final CountDownLatch connected = new CountDownLatch(ACTORS);
    private volatile boolean producing = true;

    Soak(Rig rig, long seed) {
        this.rig = rig;
        this.seed = seed;
    }

    /** Runs for so long, and gives what went wrong. */
    List<String> run(Duration length) throws InterruptedException, JMSException {
        LOG.info("The soak runs for {} with seed {}", length, seed);
        cast();
        Breaker breaker = new Breaker(rig, this, new Random(seed));
        Thread breaking = new Thread(breaker::run, "breaker");
        consumers.forEach(Thread::start);
        producers.forEach(Thread::start);
        if (!connected.await(JOIN_MS, TimeUnit.MILLISECONDS)) {
            violations.add(connected.getCount() + " actors did not connect");
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
        checkLeftovers();
        LOG.info("The soak with seed {} had {}; {}; {} answers", seed, breaker, ledgers, answered);
        return List.copyOf(violations);
    }

    private void cast() {
        Actors actors = new Actors(rig, this);
        Queue work = new PosthornQueue("soak.work");
        Queue done = new PosthornQueue("soak.done");
        Queue shared = new PosthornQueue("soak.shared");
        Queue questions = new PosthornQueue("soak.questions");
        Topic news = new PosthornTopic("soak.news");
        Topic parts = new PosthornTopic("soak.parts");
        Ledger worked = ledger("work");
        Ledger finished = ledger("done");
        Ledger taken = ledger("shared");
        Ledger read = ledger("news");
        Ledger split = ledger("parts");
        produce(actors, "sender-1", actors.sender(1, worked, work));
        produce(actors, "async-2", actors.asyncSender(2, worked, work));
        produce(actors, "transacted-3", actors.transactedSender(3, worked, work));
        produce(actors, "sender-4", actors.sender(4, taken, shared));
        produce(actors, "async-5", actors.asyncSender(5, taken, shared));
        produce(actors, "sender-6", actors.sender(6, read, news));
        produce(actors, "transacted-7", actors.transactedSender(7, split, parts));
        produce(actors, "asker", actors.asker(questions, answered));
        for (String name : List.of("relay-1", "relay-2")) {
            consume(actors, name, null, actors.relay(name, worked, work, finished, done));
        }
        for (String name : List.of("acknowledger-1", "acknowledger-2")) {
            consume(actors, name, null, actors.acknowledger(name, finished, from(done)));
        }
        consume(actors, "receiver-1", null, actors.receiver("receiver-1", taken, from(shared)));
        consume(actors, "receiver-2", null, actors.receiver("receiver-2", taken, from(shared)));
        consume(actors, "listener", null, actors.listener("listener", taken, from(shared)));
        consume(
                actors,
                "reader",
                "soak-reader",
                actors.acknowledger("reader", read, session -> session.createDurableConsumer(news, "reader")));
        for (String name : List.of("part-1", "part-2")) {
            consume(
                    actors,
                    name,
                    null,
                    actors.receiver(name, split, session -> session.createSharedDurableConsumer(parts, "parts")));
        }
        consume(actors, "answerer", null, actors.answerer(questions));
        subscribeFirst(news, parts);
    }

    /** So that no message is older than its subscription. */
    private void subscribeFirst(Topic news, Topic parts) {
        try (var connection = rig.directFactory().createConnection()) {
            connection.setClientID("soak-reader");
            connection.createSession().createDurableConsumer(news, "reader").close();
        } catch (JMSException e) {
            fail("subscribing", e);
        }
        try (var connection = rig.directFactory().createConnection()) {
            connection
                    .createSession()
                    .createSharedDurableConsumer(parts, "parts")
                    .close();
        } catch (JMSException e) {
            fail("subscribing", e);
        }
    }

    private static Actors.Source from(Destination queue) {
        return session -> session.createConsumer(queue);
    }

    private Ledger ledger(String name) {
        Ledger ledger = new Ledger(name, violations);
        ledgers.add(ledger);
        return ledger;
    }

    private void produce(Actors actors, String name, Actors.Part part) {
        producers.add(thread(actors, name, null, part));
    }

    private void consume(Actors actors, String name, String clientId, Actors.Part part) {
        consumers.add(thread(actors, name, clientId, part));
    }

    private Thread thread(Actors actors, String name, String clientId, Actors.Part part) {
        Random chance = new Random(seed + name.hashCode());
        Thread thread = new Thread(() -> actors.run(name, clientId, part, chance), name);
        thread.setDaemon(true);
        return thread;
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
        return ledgers.stream().anyMatch(ledger -> !ledger.missing().isEmpty());
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
            for (String name : List.of("soak.work", "soak.done", "soak.shared", "posthorn.dead-letters")) {
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

    void onConnected() {
        connected.countDown();
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
