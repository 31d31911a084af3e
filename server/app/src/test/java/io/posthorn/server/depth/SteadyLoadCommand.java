package io.posthorn.server.depth;

import io.posthorn.jms.PosthornConnectionFactory;
import jakarta.jms.BytesMessage;
import jakarta.jms.CompletionListener;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSProducer;
import jakarta.jms.Message;
import jakarta.jms.Queue;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether checkpoints show in the latency of a steady load. Sends persistent messages at a fixed rate to a running server and
 * receives them; a latency counts from when its message was due to be sent, however late it was. Tells the latencies of
 * messages that were due near a checkpoint apart from the others. Arguments: URL, data folder of the server, messages a
 * second, seconds, bytes in each, and, unless it is {@code steady}, the name of the queue.
 */
public final class SteadyLoadCommand implements CompletionListener {

    private static final Logger LOG = LoggerFactory.getLogger(SteadyLoadCommand.class);

    private static final int QUEUE_ARGUMENT = 5;
    private static final long WARM_UP_S = 10;

    /** A checkpoint's file gets its name when all is done; what led to it came before. */
    private static final long BEFORE_NS = TimeUnit.MILLISECONDS.toNanos(800);

    private static final long AFTER_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final long intervalNs;
    private final long startNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    private final long[] confirmedNs;
    private final long[] receivedNs;
    private final CountDownLatch open;

    /** Guarded by itself. */
    private final List<Long> checkpointsNs = new ArrayList<>();

    private SteadyLoadCommand(int rate, int seconds) {
        intervalNs = TimeUnit.SECONDS.toNanos(1) / rate;
        confirmedNs = new long[rate * seconds];
        receivedNs = new long[rate * seconds];
        open = new CountDownLatch(2 * rate * seconds);
    }

    public static void main(String[] arguments) throws JMSException, InterruptedException {
        PosthornConnectionFactory factory = new PosthornConnectionFactory(arguments[0]);
        Path journal = Path.of(arguments[1], "journal");
        int bytes = Integer.parseInt(arguments[4]);
        String name = arguments.length > QUEUE_ARGUMENT ? arguments[QUEUE_ARGUMENT] : "steady";
        SteadyLoadCommand command =
                new SteadyLoadCommand(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        Thread watch = new Thread(() -> command.watch(journal), "checkpoint-watch");
        watch.setDaemon(true);
        watch.start();
        try (JMSContext receiving = factory.createContext();
                JMSContext sending = factory.createContext()) {
            Queue queue = sending.createQueue(name);
            try (JMSConsumer consumer = receiving.createConsumer(queue)) {
                consumer.setMessageListener(command::onMessage);
                command.send(sending, queue, bytes);
                if (!command.open.await(1, TimeUnit.MINUTES)) {
                    throw new IllegalStateException(command.open.getCount() + " answers are missing");
                }
            }
        }
        command.tell();
    }

    private void send(JMSContext context, Queue queue, int bytes) throws JMSException {
        JMSProducer producer = context.createProducer().setAsync(this);
        byte[] body = new byte[bytes];
        for (int number = 0; number < confirmedNs.length; number++) {
            long waitNs = dueNs(number) - System.nanoTime();
            while (waitNs > 0) {
                LockSupport.parkNanos(waitNs);
                waitNs = dueNs(number) - System.nanoTime();
            }
            BytesMessage message = context.createBytesMessage();
            message.setIntProperty("number", number);
            message.writeBytes(body);
            producer.send(queue, message);
        }
    }

    private long dueNs(int number) {
        return startNs + number * intervalNs;
    }

    @Override
    public void onCompletion(Message message) {
        arrived(message, confirmedNs);
    }

    @Override
    public void onException(Message message, Exception exception) {
        LOG.error("A send failed", exception);
    }

    private void onMessage(Message message) {
        arrived(message, receivedNs);
    }

    private void arrived(Message message, long[] latenciesNs) {
        try {
            int number = message.getIntProperty("number");
            latenciesNs[number] = System.nanoTime() - dueNs(number);
            open.countDown();
        } catch (JMSException e) {
            LOG.error("A message of this command has no number", e);
        }
    }

    /** Notes when checkpoints get their names, until the end of the process. */
    private void watch(Path journal) {
        String last = newest(journal);
        while (true) {
            LockSupport.parkNanos(LOOK_NS);
            String found = newest(journal);
            if (!found.equals(last)) {
                last = found;
                synchronized (checkpointsNs) {
                    checkpointsNs.add(System.nanoTime());
                }
            }
        }
    }

    private static String newest(Path journal) {
        String newest = "";
        try (DirectoryStream<Path> files = Files.newDirectoryStream(journal, "checkpoint-*.idx")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                newest = name.compareTo(newest) > 0 ? name : newest;
            }
            return newest;
        } catch (IOException e) {
            throw new IllegalStateException("cannot look for checkpoints in " + journal, e);
        }
    }

    private void tell() {
        List<Long> checkpoints;
        synchronized (checkpointsNs) {
            checkpoints = List.copyOf(checkpointsNs);
        }
        int first = (int) (TimeUnit.SECONDS.toNanos(WARM_UP_S) / intervalNs);
        int[] near = IntStream.range(first, confirmedNs.length)
                .filter(number -> isNear(dueNs(number), checkpoints))
                .toArray();
        int[] apart = IntStream.range(first, confirmedNs.length)
                .filter(number -> !isNear(dueNs(number), checkpoints))
                .toArray();
        LOG.info("{} checkpoints", checkpoints.size());
        tell("confirmed, near a checkpoint", confirmedNs, near);
        tell("confirmed, apart from it", confirmedNs, apart);
        tell("received, near a checkpoint", receivedNs, near);
        tell("received, apart from it", receivedNs, apart);
    }

    private static boolean isNear(long dueNs, List<Long> checkpoints) {
        return checkpoints.stream().anyMatch(at -> dueNs - at > -BEFORE_NS && dueNs - at < AFTER_NS);
    }

    private static void tell(String what, long[] latenciesNs, int[] numbers) {
        long[] sorted =
                Arrays.stream(numbers).mapToLong(number -> latenciesNs[number]).toArray();
        Arrays.sort(sorted);
        if (sorted.length > 0) {
            LOG.info(
                    "{}: {} messages, p50 {} us, p99 {} us, p99.9 {} us, longest {} us",
                    what,
                    sorted.length,
                    us(sorted, 0.5),
                    us(sorted, 0.99),
                    us(sorted, 0.999),
                    us(sorted, 1));
        }
    }

    private static long us(long[] sorted, double share) {
        return TimeUnit.NANOSECONDS.toMicros(sorted[(int) Math.min(sorted.length - 1, share * sorted.length)]);
    }
}
