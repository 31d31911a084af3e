package io.posthorn.tck.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.springframework.jms.listener.SessionAwareMessageListener;

/** A listener that keeps what it heard, and fails for what it is told to fail for, after it was kept. Safe from any thread. */
final class Inbox implements SessionAwareMessageListener<Message> {

    private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final Predicate<Entry> failing;

    /** What {@link #textsWithoutRepeats} gave. */
    private final Set<String> seen = new HashSet<>();

    Inbox() {
        this(entry -> false);
    }

    Inbox(Predicate<Entry> failing) {
        this.failing = failing;
    }

    @Override
    public void onMessage(Message message, Session session) throws JMSException {
        hear(message);
    }

    void hear(Message message) throws JMSException {
        Entry entry = new Entry(
                message.getBody(String.class),
                message.getIntProperty("JMSXDeliveryCount"),
                message.getJMSRedelivered());
        entries.add(entry);
        if (failing.test(entry)) {
            throw new IllegalStateException("told to fail for " + entry);
        }
    }

    /** The next, which must come within the bound of all waits. */
    Entry next() throws InterruptedException {
        Entry entry = entries.poll(TestServer.WAIT_MS, TimeUnit.MILLISECONDS);
        assertThat(entry).as("the next message").isNotNull();
        return entry;
    }

    String nextText() throws InterruptedException {
        return next().text();
    }

    /** The texts of the next so many messages. */
    List<String> texts(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            texts.add(nextText());
        }
        return texts;
    }

    /** The texts of the next so many messages, without the repeats that are flagged as such. */
    List<String> textsWithoutRepeats(int count) throws InterruptedException {
        List<String> texts = new ArrayList<>();
        while (texts.size() < count) {
            Entry entry = next();
            if (!entry.redelivered() || !seen.contains(entry.text())) {
                texts.add(entry.text());
            }
            seen.add(entry.text());
        }
        return texts;
    }

    int size() {
        return entries.size();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    record Entry(String text, int deliveryCount, boolean redelivered) {}
}
