package io.posthorn.server.depth;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.BytesMessage;
import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a queue of a running server with numbered messages, or takes them out and checks that none is missing and all are in
 * order; tells the rate of each tenth. Arguments: URL, {@code fill}, {@code volatile} (the same, NON_PERSISTENT), {@code drain},
 * {@code thin} (takes all but one in so many) or {@code traffic} (in and out, a thousand at a time), number of messages, bytes
 * in each, or for {@code thin} one in how many stays, and the name of the queue unless it is {@code deep}.
 */
public final class DeepQueueCommand {

    private static final Logger LOG = LoggerFactory.getLogger(DeepQueueCommand.class);

    private static final String QUEUE = "deep";
    private static final int QUEUE_ARGUMENT = 4;
    private static final int BATCH = 1000;
    private static final long PATIENCE_MS = 60_000;

    private final JMSContext context;
    private final Queue queue;
    private final long count;
    private long lastNs = System.nanoTime();

    private DeepQueueCommand(JMSContext context, String queue, long count) {
        this.context = context;
        this.queue = context.createQueue(queue);
        this.count = count;
    }

    public static void main(String[] arguments) throws JMSException {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(arguments[0]);
        long count = Long.parseLong(arguments[2]);
        int number = Integer.parseInt(arguments[3]);
        String queue = arguments.length > QUEUE_ARGUMENT ? arguments[QUEUE_ARGUMENT] : QUEUE;
        try (JMSContext context = factory.createContext(JMSContext.SESSION_TRANSACTED)) {
            DeepQueueCommand command = new DeepQueueCommand(context, queue, count);
            switch (arguments[1]) {
                case "fill" -> command.fill(number, DeliveryMode.PERSISTENT);
                case "volatile" -> command.fill(number, DeliveryMode.NON_PERSISTENT);
                case "drain" -> command.drain();
                case "thin" -> command.thin(number);
                case "traffic" -> command.traffic(number);
                default -> throw new IllegalArgumentException("not a mode: " + arguments[1]);
            }
        }
    }

    private void fill(int bytes, int mode) throws JMSException {
        JMSProducer producer = context.createProducer().setDeliveryMode(mode);
        for (long number = 0; number < count; number++) {
            producer.send(queue, numbered(number, bytes));
            step(number);
        }
        context.commit();
    }

    private BytesMessage numbered(long number, int bytes) throws JMSException {
        BytesMessage message = context.createBytesMessage();
        message.writeLong(number);
        message.writeBytes(new byte[Math.max(0, bytes - Long.BYTES)]);
        if (number % 10_000 == 0) {
            message.setBooleanProperty("stays", true);
        }
        return message;
    }

    /** Puts some in and takes them out again, so that there are never many. */
    private void traffic(int bytes) throws JMSException {
        JMSProducer producer = context.createProducer();
        try (JMSConsumer consumer = context.createConsumer(queue)) {
            for (long first = 0; first < count; first += BATCH) {
                for (long number = first; number < first + BATCH; number++) {
                    producer.send(queue, numbered(number, bytes));
                }
                context.commit();
                for (long number = first; number < first + BATCH; number++) {
                    check(consumer.receive(PATIENCE_MS), number);
                    step(number);
                }
            }
        }
        context.commit();
    }

    private static void check(Message message, long number) throws JMSException {
        long found = message == null ? -1 : ((BytesMessage) message).readLong();
        if (found != number) {
            throw new IllegalStateException("number " + found + " where " + number + " was expected");
        }
    }

    private void drain() throws JMSException {
        try (JMSConsumer consumer = context.createConsumer(queue)) {
            for (long number = 0; number < count; number++) {
                Message message = consumer.receive(PATIENCE_MS);
                if (number == 0) {
                    LOG.info("first message after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastNs));
                }
                check(message, number);
                step(number);
            }
        }
        context.commit();
    }

    /** Takes what is not marked to stay. */
    private void thin(int stays) {
        try (JMSConsumer consumer = context.createConsumer(queue, "stays IS NULL")) {
            for (long number = 0; number < count - count / stays; number++) {
                if (consumer.receive(PATIENCE_MS) == null) {
                    throw new IllegalStateException("nothing more after " + number);
                }
                step(number);
            }
        }
        context.commit();
    }

    private void step(long number) {
        if ((number + 1) % BATCH == 0) {
            context.commit();
        }
        long tenth = Math.max(1, count / 10);
        if ((number + 1) % tenth == 0) {
            long nowNs = System.nanoTime();
            LOG.info(
                    "{} messages, {} per second",
                    number + 1,
                    tenth * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nowNs - lastNs));
            lastNs = nowNs;
        }
    }
}
