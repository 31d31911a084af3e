package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.fake.FakeServer;
import jakarta.jms.CompletionListener;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whether a process ends by itself, as seen from another one. */
@Timeout(60)
class JvmLifeTest {

    private static final String READY = "ready";
    private static final String WORKED = "worked";
    private static final long MUST_LIVE_MS = 300;

    @Test
    void shouldLiveWhileAListenerIsSetAndEndWhenItsConsumerIsClosed() throws Exception {
        lives("close");
    }

    @Test
    void shouldEndWhenTheListenerIsUnset() throws Exception {
        lives("unset");
    }

    @Test
    void shouldEndAfterAListenerThatClosesItsConsumerHasReturned() throws Exception {
        Process process = start("self");
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo(READY);
            assertThat(output.readLine()).isEqualTo(WORKED);
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldEndThoughACompletionListenerWasCalled() throws Exception {
        Process process = start("completion");
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo(READY);
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void lives(String how) throws Exception {
        Process process = start(how);
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo(READY);
            assertThat(process.waitFor(MUST_LIVE_MS, TimeUnit.MILLISECONDS)).isFalse();
            process.outputWriter(StandardCharsets.UTF_8).append("go\n").flush();
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(String how) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Client.class.getName(),
                        how)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Sets a listener; its main thread has nothing more to do then. */
    static final class Client {

        private Client() {}

        public static void main(String[] args) throws Exception {
            FakeServer server = new FakeServer();
            PosthornConnection connection = Opened.connection(server);
            connection.start();
            Session session = connection.createSession();
            PosthornQueue queue = new PosthornQueue("q");
            if (args[0].equals("completion")) {
                complete(session, queue);
                return;
            }
            MessageConsumer consumer = session.createConsumer(queue);
            if (args[0].equals("self")) {
                listenOnce(consumer);
                Session sending = connection.createSession();
                sending.createProducer(queue).send(sending.createMessage());
            } else {
                consumer.setMessageListener(message -> {});
                Thread waiting = new Thread(() -> ConnectionTest.run(() -> {
                    awaitWord();
                    if (args[0].equals("close")) {
                        consumer.close();
                    } else {
                        consumer.setMessageListener(null);
                    }
                }));
                waiting.setDaemon(true);
                waiting.start();
            }
            say(READY);
        }

        private static void listenOnce(MessageConsumer consumer) throws Exception {
            consumer.setMessageListener(message -> ConnectionTest.run(() -> {
                consumer.close();
                // Nothing but the thread of this listener keeps the process alive any more.
                LockedFor.ms(MUST_LIVE_MS);
                say(WORKED);
            }));
        }

        private static void complete(Session session, PosthornQueue queue) throws Exception {
            CountDownLatch done = new CountDownLatch(1);
            session.createProducer(queue).send(session.createMessage(), new CompletionListener() {
                @Override
                public void onCompletion(Message message) {
                    done.countDown();
                }

                @Override
                public void onException(Message message, Exception e) {
                    throw new AssertionError(e);
                }
            });
            done.await();
            say(READY);
        }

        private static void awaitWord() {
            try {
                System.in.read();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        private static void say(String word) {
            System.out.println(word);
            System.out.flush();
        }
    }

    /** Time that passes, so that the process would have ended if nothing kept it. */
    private static final class LockedFor {

        private LockedFor() {}

        static void ms(long time) throws InterruptedException {
            assertThat(new CountDownLatch(1).await(time, TimeUnit.MILLISECONDS)).isFalse();
        }
    }
}
