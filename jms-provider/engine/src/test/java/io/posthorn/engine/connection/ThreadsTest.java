package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.ConnectionOptions;
import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.model.LoopThread;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.waiting.Threads;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real threads on both sides of the outbox and of consumers' buffers: nobody is left asleep, nothing overtakes. */
@Timeout(60)
class ThreadsTest {

    private static final Address PING = Address.queue("ping");
    private static final Address PONG = Address.queue("pong");
    private static final int COUNT = 3000;

    private final LoopThread loop = new LoopThread();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
        loop.close();
    }

    private ResumingConnection connect() throws Exception {
        ResumingConnection connection = ResumingConnection.open(
                loop,
                ConnectionOptions.defaults(),
                Threads.JVM,
                new Random(),
                new ResumingConnection.Login(null, null, null));
        connection.start();
        return connection;
    }

    @Test
    void shouldPlayPingPongAcrossBreaks() throws Exception {
        ResumingConnection connection = connect();
        EngineSession here = connection.openSession();
        EngineSession there = connection.openSession();
        EngineConsumer pings = there.attach(Source.queue(PING, null));
        EngineConsumer pongs = here.attach(Source.queue(PONG, null));
        Future<Void> echo = threads.submit(() -> {
            for (int number = 0; number < COUNT; number++) {
                Delivery delivery = pings.receive(EngineConsumer.FOREVER);
                there.acknowledge(delivery, false);
                there.send(PONG, delivery.envelope(), false, false);
            }
            return null;
        });

        for (int number = 0; number < COUNT; number++) {
            here.send(PING, Messages.volatileOne("" + number), false, false);
            Delivery delivery = pongs.receive(TimeUnit.SECONDS.toNanos(20));
            assertThat(delivery).as("pong %d", number).isNotNull();
            assertThat(Messages.text(delivery.envelope())).isEqualTo("" + number);
            here.acknowledge(delivery, false);
            if (number % 500 == 499) {
                loop.breakDown();
            }
        }

        echo.get();
        connection.close();
    }

    @Test
    void shouldLeaveNoListenerAsleep() throws Exception {
        ResumingConnection connection = connect();
        EngineSession session = connection.openSession();
        EngineConsumer consumer = session.attach(Source.queue(PING, null));
        Semaphore available = new Semaphore(0);
        consumer.onAvailable(available::release);
        Future<List<String>> listener = threads.submit(() -> {
            List<String> heard = new ArrayList<>();
            while (heard.size() < 4 * COUNT) {
                available.acquire();
                available.drainPermits();
                for (Delivery delivery; (delivery = consumer.poll()) != null; ) {
                    heard.add(Messages.text(delivery.envelope()));
                    session.acknowledge(delivery, false);
                }
            }
            return heard;
        });
        while (loop.doneHere() == 0) { // one at a time, until this thread carries one itself
            session.send(PONG, Messages.volatileOne("alone"), false, true).await();
        }
        List<Callable<Void>> senders = new ArrayList<>();
        for (int sender = 0; sender < 4; sender++) {
            EngineSession own = connection.openSession();
            String name = sender + ".";
            senders.add(() -> {
                for (int number = 0; number < COUNT; number++) {
                    own.send(PING, Messages.volatileOne(name + number), false, false);
                    if (number % 100 == 0) {
                        own.send(PONG, Messages.volatileOne("x"), false, true).await();
                    }
                }
                return null;
            });
        }
        for (Future<Void> sender : threads.invokeAll(senders)) {
            sender.get();
        }

        List<String> heard = listener.get();
        for (int sender = 0; sender < 4; sender++) {
            String name = sender + ".";
            List<String> own =
                    heard.stream().filter(text -> text.startsWith(name)).toList();
            List<String> sent =
                    IntStream.range(0, COUNT).mapToObj(number -> name + number).toList();
            assertThat(own).isEqualTo(sent);
        }
        connection.close();
        assertThat(loop.server.contents(PING)).isEmpty();
    }

    @Test
    void shouldStopAndStartWhileMessagesCome() throws Exception {
        ResumingConnection connection = connect();
        EngineSession session = connection.openSession();
        EngineConsumer consumer = session.attach(Source.queue(PING, null));
        Future<Void> sender = threads.submit(() -> {
            EngineSession own = connection.openSession();
            for (int number = 0; number < COUNT; number++) {
                own.send(PING, Messages.volatileOne("" + number), false, false);
            }
            return null;
        });
        Future<Void> restarter = threads.submit(() -> {
            for (int round = 0; round < 200; round++) {
                connection.stop();
                connection.start();
            }
            return null;
        });

        for (int number = 0; number < COUNT; number++) {
            Delivery delivery = consumer.receive(EngineConsumer.FOREVER);
            assertThat(Messages.text(delivery.envelope())).isEqualTo("" + number);
            session.acknowledge(delivery, false);
        }
        sender.get();
        restarter.get();
        connection.close();
    }
}
