package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.ModelConsumer;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Receiving, credit, and the question behind a null. */
class ConsumerTest extends ReadingTest {

    private static List<String> pollAll(EngineConsumer consumer) {
        List<String> texts = new ArrayList<>();
        for (Delivery delivery; (delivery = consumer.poll()) != null; ) {
            texts.add(Messages.text(delivery.envelope()));
        }
        return texts;
    }

    @Test
    void shouldGiveNoCreditBeforeTheConnectionIsStarted() throws Exception {
        preload(3);
        EngineConsumer consumer = consumer(1000);

        assertThat(consumer.receive(SECOND_NS)).isNull();
        assertThat(world.server.frames(ClientFrame.Credit.class)).isEmpty();
        assertThat(world.server.frames(ClientFrame.Drain.class)).isEmpty();
        connection.start();

        assertThat(Messages.text(consumer.receive(SECOND_NS).envelope())).isEqualTo("m0");
    }

    @Test
    void shouldFailToAttachWithTheServersReason() throws Exception {
        consumer(1000);

        assertThatThrownBy(() -> session.attach(Source.queue(Address.queue("forbidden"), null)))
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldStartWithLittleCreditAndGrowWithTheConsumersSpeed() throws Exception {
        preload(500);
        EngineConsumer consumer = consumer(100);
        connection.start();
        world.settle();
        assertThat(limit()).isEqualTo(16);
        assertThat(world.server.consumers().get(0).delivered).isEqualTo(16);

        for (int round = 0; round < 10; round++) {
            pollAll(consumer);
            world.settle();
        }

        long taken = world.server.consumers().get(0).delivered;
        assertThat(taken).isEqualTo(500);
        long furthest = world.server.frames(ClientFrame.Credit.class).stream()
                .mapToLong(ClientFrame.Credit::limit)
                .max()
                .orElseThrow();
        assertThat(furthest).isBetween(501L, 600L);
    }

    @Test
    void shouldNotGrowForAConsumerThatNeverRunsDry() throws Exception {
        preload(200);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        for (int number = 0; number < 100; number++) {
            world.settle();
            assertThat(consumer.poll()).isNotNull();
        }

        assertThat(limit() - 100).isLessThanOrEqualTo(16);
    }

    @Test
    void shouldLetFewerComeWhenMessagesAreLarge() throws Exception {
        for (int number = 0; number < 100; number++) {
            world.server.preload(QUEUE, Messages.ofLength(1_000_000));
        }
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        for (int number = 0; number < 50; number++) {
            assertThat(consumer.poll()).isNotNull();
            world.settle();
        }

        assertThat(world.server.consumers().get(0).delivered - 50).isLessThanOrEqualTo(8);
    }

    private long limit() {
        return world.server.consumers().get(0).limit;
    }

    @Test
    void shouldReturnNullOnlyAfterTheServerSaidThatThereIsNothing() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        long beforeMs = world.transport.nowMs();

        assertThat(consumer.receive(2 * SECOND_NS)).isNull();

        assertThat(world.transport.nowMs() - beforeMs).isEqualTo(2000);
        assertThat(world.server.frames(ClientFrame.Drain.class)).hasSize(1);
        world.settle();
        assertThat(limit()).as("credit again, counted on").isEqualTo(16);
        assertThat(consumer.receive(0)).isNull();
        assertThat(world.server.frames(ClientFrame.Drain.class)).hasSize(2);
    }

    @Test
    void shouldReturnWhatCameBeforeTheAnswer() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        world.server.autoServe = false;
        preload(1);

        assertThat(Messages.text(consumer.receive(0).envelope())).isEqualTo("m0");
    }

    @Test
    void shouldWaitForAMessage() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.transport.schedule(() -> preload(1), 500);

        Delivery delivery = consumer.receive(EngineConsumer.FOREVER);

        assertThat(Messages.text(delivery.envelope())).isEqualTo("m0");
        assertThat(delivery.consumer()).isSameAs(consumer);
        assertThat(delivery.attempts()).isZero();
        assertThat(world.server.frames(ClientFrame.Drain.class)).isEmpty();
    }

    @Test
    void shouldSayWhatItWaitedForWhenTheServerDoesNotAnswer() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        world.server.autoTake = false;

        assertThatThrownBy(() -> consumer.receive(0))
                .hasMessageContaining("queue 'orders' has nothing more")
                .hasMessageContaining("requestTimeout")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.TIMEOUT);
    }

    @Test
    void shouldAskAgainWhenTheQuestionIsLostWithItsLink() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        world.server.autoTake = false;
        boolean[] broken = {false};
        world.whileWaiting = () -> {
            if (!broken[0]) {
                broken[0] = true;
                world.transport.runAll();
                world.transport.link.breakDown();
                world.server.autoTake = true;
            }
        };

        assertThat(consumer.receive(0)).isNull();
        assertThat(broken).containsExactly(true);
        assertThat(world.server.frames(ClientFrame.Drain.class)).hasSize(1);
    }

    @Test
    void shouldPrefetchNothingWhenPrefetchIsZero() throws Exception {
        preload(3);
        EngineConsumer consumer = consumer(0);
        connection.start();
        world.settle();
        assertThat(world.server.free(QUEUE)).hasSize(3);
        assertThat(consumer.poll()).isNull();

        assertThat(Messages.text(consumer.receive(0).envelope())).isEqualTo("m0");
        assertThat(Messages.text(consumer.receive(SECOND_NS).envelope())).isEqualTo("m1");
        world.settle();
        assertThat(world.server.free(QUEUE)).hasSize(1);
        assertThat(consumer.receive(SECOND_NS)).isNotNull();
        assertThat(consumer.receive(SECOND_NS)).isNull();
        world.settle();
        preload(1);
        world.settle();

        assertThat(world.server.free(QUEUE)).as("no credit is left behind").hasSize(1);
    }

    @Test
    void shouldGiveAListenerOneAtATimeWhenPrefetchIsZero() throws Exception {
        preload(3);
        EngineConsumer consumer = consumer(0);
        List<String> heard = new ArrayList<>();
        consumer.onAvailable(() -> {
            Delivery delivery = consumer.poll();
            if (delivery != null) {
                heard.add(Messages.text(delivery.envelope()));
            }
        });
        connection.start();
        world.settle();
        assertThat(heard).containsExactly("m0");
        assertThat(world.server.free(QUEUE)).hasSize(2);

        assertThat(consumer.poll()).isNull();
        world.settle();

        assertThat(heard).containsExactly("m0", "m1");
        assertThat(world.server.free(QUEUE)).hasSize(1);
    }

    @Test
    void shouldLetOneComeToAListenerThatDoesNotTakeWhenItIsOnDemand() throws Exception {
        consumer(0);
        EngineConsumer watcher = session.attachOnDemand(Source.queue(QUEUE, null));
        session.attachOnDemand(Source.queue(QUEUE, null));
        int[] signals = {0};
        connection.start();
        world.settle();
        watcher.onAvailable(() -> signals[0]++);
        world.settle();
        assertThat(signals).as("nothing is there yet").containsExactly(0);

        preload(3);
        world.settle();

        assertThat(signals).containsExactly(1);
        assertThat(world.server.free(QUEUE)).hasSize(2);
    }

    @Test
    void shouldWaitAcrossABreakWhenPrefetchIsZero() throws Exception {
        EngineConsumer consumer = consumer(0);
        connection.start();
        world.transport.schedule(() -> world.transport.link.breakDown(), 300);
        world.transport.schedule(() -> preload(1), 900);

        assertThat(consumer.receive(EngineConsumer.FOREVER)).isNotNull();
    }

    @Test
    void shouldSignalOnceForABurstAndNotWhileTheTakerIsAtWork() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        int[] signals = {0};
        consumer.onAvailable(() -> signals[0]++);
        world.settle();
        assertThat(consumer.poll()).isNull();
        signals[0] = 0;

        preload(5);
        world.settle();
        assertThat(signals).containsExactly(1);
        consumer.poll();
        preload(5);
        world.settle();
        assertThat(signals).containsExactly(1);
        assertThat(pollAll(consumer)).hasSize(9);
        preload(1);
        world.settle();

        assertThat(signals).containsExactly(2);
    }

    @Test
    void shouldSignalWhatIsThereWhenAListenerComes() throws Exception {
        preload(1);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        int[] signals = {0};

        consumer.onAvailable(() -> signals[0]++);
        world.settle();

        assertThat(signals).containsExactly(1);
    }

    @Test
    void shouldPassOverWhatHasExpired() throws Exception {
        long nowMs = world.transport.nowMs();
        world.server.preload(QUEUE, Messages.expiring("old", nowMs + 100));
        world.server.preload(QUEUE, Messages.expiring("young", nowMs + 100_000));
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        world.pass(200);

        assertThat(pollAll(consumer)).containsExactly("young");
        world.settle();

        assertThat(world.server.frames(ClientFrame.Acknowledge.class))
                .singleElement()
                .satisfies(frame -> assertThat(frame.forced()).isFalse());
        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("young");
    }

    @Test
    void shouldFindWhatComesAfterManyThatHaveExpired() throws Exception {
        long nowMs = world.transport.nowMs();
        for (int number = 0; number < 50; number++) {
            world.server.preload(QUEUE, Messages.expiring("old", nowMs - 1));
        }
        preload(1);
        EngineConsumer few = consumer(0);
        connection.start();

        assertThat(Messages.text(few.receive(0).envelope())).isEqualTo("m0");
        session.acknowledgeAll(true).await();
        few.close();
        for (int number = 0; number < 50; number++) {
            world.server.preload(QUEUE, Messages.expiring("old", nowMs - 1));
        }
        preload(1);
        EngineConsumer many = consumer(1000);
        connection.start();

        assertThat(Messages.text(many.receive(0).envelope())).isEqualTo("m0");
    }

    @Test
    void shouldGiveBackUncountedWhatWasNotHandedOverWhenItCloses() throws Exception {
        preload(3);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        Delivery handed = consumer.poll();

        consumer.close();
        consumer.close();

        assertThat(world.server.free(QUEUE)).hasSize(2);
        assertThat(world.server.attempts(QUEUE)).containsExactly(0, 0, 0);
        assertThat(consumer.receive(SECOND_NS)).isNull();
        session.acknowledge(handed, true).await();
        assertThat(world.server.contents(QUEUE)).hasSize(2);
    }

    @Test
    void shouldWakeAReceiveThatWaitsWhenItIsClosed() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.transport.schedule(consumer::close, 700);

        assertThat(consumer.receive(EngineConsumer.FOREVER)).isNull();
    }

    @Test
    void shouldCloseWithinItsTimeWhenTheServerIsSilent() throws Exception {
        EngineConsumer consumer = consumer(1000);
        world.settle();
        world.server.autoTake = false;
        long beforeMs = world.transport.nowMs();

        consumer.close();
        assertThat(world.transport.nowMs() - beforeMs).isBetween(5_000L, 5_001L);
        session.close();

        assertThat(world.transport.nowMs() - beforeMs).isBetween(10_000L, 10_002L);
    }

    @Test
    void shouldStopWithoutCountingAnything() throws Exception {
        preload(4);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        Delivery handed = consumer.poll();

        connection.stop();
        assertThat(consumer.poll()).isNull();
        world.settle();
        assertThat(world.server.free(QUEUE)).hasSize(3);
        assertThat(consumer.receive(SECOND_NS)).isNull();
        connection.start();
        world.settle();

        assertThat(pollAll(consumer)).containsExactly("m1", "m2", "m3");
        assertThat(world.server.attempts(QUEUE)).containsExactly(0, 0, 0, 0);
        session.acknowledge(handed, true).await();
        session.acknowledgeAll(true).await();
        assertThat(world.server.contents(QUEUE)).isEmpty();
    }

    @Test
    void shouldGiveBackWhatIsRecalled() throws Exception {
        preload(10);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        consumer.poll();
        world.server.autoServe = false;

        recall();

        assertThat(world.server.free(QUEUE)).hasSize(9);
        assertThat(limit()).as("credit before anybody looks for more").isZero();
        world.server.autoServe = true;
        assertThat(consumer.poll()).isNull();
        world.settle();
        assertThat(pollAll(consumer)).containsExactly("m1");
        assertThat(world.server.attempts(QUEUE)).containsOnly(0);
    }

    @Test
    void shouldReceiveAgainAfterARecall() throws Exception {
        preload(10);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        recall();

        for (int number = 0; number < 10; number++) {
            assertThat(Messages.text(consumer.receive(SECOND_NS).envelope())).isEqualTo("m" + number);
        }
        assertThat(consumer.receive(0)).isNull();
    }

    @Test
    void shouldKeepItsCreditWhenItIsRecalledWhileItsTakerWaits() throws Exception {
        EngineConsumer consumer = consumer(1000);
        int[] signals = {0};
        consumer.onAvailable(() -> signals[0]++);
        connection.start();
        world.settle();
        assertThat(consumer.poll()).isNull();
        long before = limit();
        signals[0] = 0;

        recall();
        preload(1);
        world.settle();

        assertThat(limit()).isEqualTo(before).isPositive();
        assertThat(signals).containsExactly(1);
        assertThat(pollAll(consumer)).containsExactly("m0");
    }

    @Test
    void shouldTellWhoBeginsToListenWhileWhatCameIsRecalled() throws Exception {
        preload(3);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        int[] signals = {0};

        sayRecall();
        consumer.onAvailable(() -> signals[0]++);
        world.settle();

        assertThat(signals).containsExactly(1);
        assertThat(consumer.poll()).isNotNull();
    }

    private void recall() {
        sayRecall();
        world.settle();
    }

    /** It is on its way. */
    private void sayRecall() {
        ModelConsumer first = world.server.consumers().get(0);
        world.server.say(new ServerFrame.Recall(first.id, first.generation));
    }

    @Test
    void shouldTellThatThereIsSomethingAndTakeNothing() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        assertThat(consumer.awaitAvailable(SECOND_NS)).isFalse();
        assertThat(world.server.frames(ClientFrame.Drain.class)).isEmpty();

        preload(1);
        assertThat(consumer.awaitAvailable(SECOND_NS)).isTrue();
        assertThat(consumer.awaitAvailable(0)).isTrue();
        assertThat(Messages.text(consumer.poll().envelope())).isEqualTo("m0");
        assertThat(consumer.awaitAvailable(0)).isFalse();
    }

    @Test
    void shouldFetchOneForWhoeverAwaitsItWhenPrefetchIsZero() throws Exception {
        EngineConsumer consumer = consumer(0);
        connection.start();
        preload(2);

        assertThat(consumer.awaitAvailable(SECOND_NS)).isTrue();
        assertThat(world.server.consumers().get(0).delivered).isEqualTo(1);
        assertThat(Messages.text(consumer.poll().envelope())).isEqualTo("m0");
    }

    @Test
    void shouldGiveBackWhatWasNotTakenUntilItIsAskedAgain() throws Exception {
        preload(3);
        EngineConsumer consumer = consumer(1000);
        connection.start();
        assertThat(consumer.awaitAvailable(SECOND_NS)).isTrue();
        consumer.poll();

        consumer.giveBack();
        world.settle();
        assertThat(world.server.free(QUEUE)).hasSize(2);

        assertThat(consumer.awaitAvailable(SECOND_NS)).isTrue();
        assertThat(Messages.text(consumer.poll().envelope())).isEqualTo("m1");
    }

    @Test
    void shouldTellThatTheServerClosedIt() throws Exception {
        EngineConsumer consumer = consumer(1000);
        connection.start();
        world.settle();
        List<ErrorCode> told = new ArrayList<>();

        world.server.say(new ServerFrame.ConsumerClosed(
                world.server.consumers().get(0).id, ErrorCode.INVALID_DESTINATION, "deleted"));
        world.settle();
        consumer.onClosedByServer(cause -> told.add(cause.code()));

        assertThat(told).containsExactly(ErrorCode.INVALID_DESTINATION);
        assertThatThrownBy(() -> consumer.receive(0)).hasMessageContaining("deleted");
        world.transport.link.breakDown();
        world.settle();
        assertThat(world.server.frames(ClientFrame.Attach.class))
                .as("it is not opened again")
                .hasSize(1);
    }

    @Test
    void shouldLeaveWhenItIsInterrupted() throws Exception {
        preload(1);
        EngineConsumer consumer = consumer(0);
        connection.start();
        world.settle();
        world.server.autoTake = false;
        world.whileWaiting = () -> Thread.currentThread().interrupt();

        assertThatThrownBy(() -> consumer.receive(EngineConsumer.FOREVER)).isInstanceOf(InterruptedException.class);
        world.whileWaiting = () -> {};
        world.server.autoTake = true;
        world.settle();

        assertThat(world.server.free(QUEUE))
                .as("what was on its way is given back")
                .hasSize(1);
    }
}
