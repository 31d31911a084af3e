package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Pending;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who carries what to the socket, and with what it goes. */
class DirectSendTest {

    private static final Address QUEUE = Address.queue("orders");
    private static final Address RESULTS = Address.queue("results");

    private final World world = new World(1);
    private final Carried carried = new Carried(world);
    private EngineSession session;

    @BeforeEach
    void connect() throws Exception {
        session = world.connectStarted().openSession();
        world.settle();
        world.transport.takesHere = true;
        beAlone();
    }

    /** One message after the other, each confirmed before the next: this is no stream, whatever was before. */
    private void beAlone() throws Exception {
        for (int number = 0; number < 40; number++) {
            session.send(Address.queue("before"), Messages.volatileOne("" + number), false, true)
                    .await();
        }
        world.transport.doneHere = 0;
    }

    private EngineConsumer consumer() throws Exception {
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        beAlone();
        return consumer;
    }

    /** A message that was handed to the application. */
    private Delivery delivery() throws Exception {
        world.server.preload(QUEUE, Messages.persistent("1"));
        return consumer().poll();
    }

    @Test
    void shouldCarryTheOnlyMessageWithoutTheLoop() throws Exception {
        carried.mark();
        Pending sent = session.send(QUEUE, Messages.persistent("1"), false, true);

        assertThat(carried.woken()).isZero();
        assertThat(world.transport.doneHere).isEqualTo(1);
        sent.await();
        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("1");
    }

    @Test
    void shouldLeaveToTheLoopWhatFollowsUntilAllIsConfirmed() throws Exception {
        world.server.autoSync = false;
        session.send(QUEUE, Messages.persistent("1"), false, true);
        carried.mark();
        List<Pending> sent = new ArrayList<>();
        for (int number = 2; number <= 6; number++) {
            sent.add(session.send(QUEUE, Messages.persistent("" + number), false, true));
        }

        assertThat(world.transport.doneHere).isEqualTo(1);
        assertThat(carried.woken()).as("wake-ups of the loop").isEqualTo(1);
        world.server.autoSync = true;
        world.settle();
        assertThat(carried.flushes()).as("five messages in one write").isEqualTo(1);
        for (Pending each : sent) {
            each.await();
        }
        session.send(QUEUE, Messages.persistent("7"), false, true).await();
        assertThat(world.transport.doneHere).as("in what was a stream").isEqualTo(1);
        for (int number = 8; number <= 40; number++) {
            session.send(QUEUE, Messages.persistent("" + number), false, true).await();
        }
        assertThat(world.transport.doneHere).as("one at a time again").isGreaterThan(1);
        assertThat(Messages.texts(world.server.contents(QUEUE)))
                .isEqualTo(
                        IntStream.rangeClosed(1, 40).mapToObj(String::valueOf).toList());
    }

    /** Request and reply: what is sent is confirmed together with the answer. */
    @Test
    void shouldCarryMessagesThatNobodyWaitsForWithoutTheLoopWhenAnswersCome() throws Exception {
        world.server.beLate();
        EngineConsumer replies = session.attach(Source.queue(RESULTS, null));
        world.settle();
        beAlone();
        carried.mark();
        for (int number = 0; number < 10; number++) {
            session.send(QUEUE, Messages.volatileOne("request"), false, false);
            world.server.preload(RESULTS, Messages.volatileOne("reply"));
            world.settle();
            session.acknowledge(replies.poll(), false);
        }

        assertThat(world.transport.doneHere).as("with what consumers ask for").isGreaterThanOrEqualTo(10);
        assertThat(carried.woken()).isZero();
    }

    @Test
    void shouldLeaveAStreamToTheLoopThatNobodyWaitsFor() throws Exception {
        world.server.beLate();
        carried.mark();
        for (int number = 0; number < 5; number++) {
            session.send(QUEUE, Messages.volatileOne("" + number), false, false);
        }
        assertThat(world.transport.doneHere).isEqualTo(1);
        assertThat(carried.woken()).isEqualTo(1);
        world.settle();
        assertThat(carried.flushes()).isEqualTo(2);
        assertThat(world.server.contents(QUEUE)).hasSize(5);
    }

    /** At a steady rate, whether or not anybody waits: the confirmation of the last one may be a while away, so that it says nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldCarryMessagesThatComeNowAndThenWithoutTheLoop(boolean awaited) throws Exception {
        world.server.beLate();
        world.server.autoSync = false;
        carried.mark();
        for (int number = 0; number < 5; number++) {
            session.send(QUEUE, Messages.persistent("" + number), false, awaited);
            world.transport.pass(1);
        }

        assertThat(world.transport.doneHere).isEqualTo(5);
        assertThat(carried.woken()).isZero();
    }

    @Test
    void shouldMakeLittleOfTwoThatCameTogether() throws Exception {
        assertThat(wokenAfterTogether(2)).isEqualTo(4);
    }

    /** The third comes before the loop has come for the second. */
    @Test
    void shouldMakeMoreOfThreeThatCameTogether() throws Exception {
        assertThat(wokenAfterTogether(3)).isEqualTo(8);
    }

    /** How often the loop is woken by ten messages that come apart, behind so many that came together. */
    private int wokenAfterTogether(int together) throws Exception {
        world.server.autoSync = false;
        for (int number = 0; number < together; number++) {
            session.send(QUEUE, Messages.persistent("" + number), false, true);
        }
        world.settle();
        carried.mark();
        for (int number = 0; number < 10; number++) {
            world.transport.pass(1);
            session.send(QUEUE, Messages.persistent("later " + number), false, true);
            world.settle();
        }
        return carried.woken();
    }

    @Test
    void shouldCarryNothingOfALongMessageHere() throws Exception {
        carried.mark();
        session.send(QUEUE, Messages.persistent("x".repeat(40_000)), false, true);

        assertThat(world.transport.doneHere).isZero();
        assertThat(carried.woken()).isEqualTo(1);
    }

    @Test
    void shouldSendAnAcknowledgementWithTheNextMessage() throws Exception {
        world.server.preload(QUEUE, Messages.volatileOne("request"));
        EngineConsumer consumer = consumer();
        Delivery delivery = consumer.poll();
        carried.mark();
        session.acknowledge(delivery, false);
        consumer.poll();
        assertThat(carried.flushes()).isZero();
        session.send(RESULTS, Messages.volatileOne("reply"), false, true);

        assertThat(carried.woken()).isZero();
        assertThat(carried.flushes()).isEqualTo(1);
        world.settle();
        assertThat(carried.flushes()).isEqualTo(1);
        assertThat(world.server.frames(ClientFrame.Acknowledge.class)).hasSize(1);
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(1);
    }

    @Test
    void shouldSendAnAcknowledgementByItselfAMomentLater() throws Exception {
        session.acknowledge(delivery(), false);
        assertThat(world.server.contents(QUEUE)).hasSize(1);

        world.pass(2);

        assertThat(world.server.contents(QUEUE)).isEmpty();
    }

    /** The loop has no reason to wake then. */
    @Test
    void shouldSendAnAcknowledgementAtTheNextLookWhileAThreadReads() throws Exception {
        Delivery delivery = delivery();
        world.transport.reading.here = true;
        world.server.preload(QUEUE, Messages.persistent("2"));
        world.settle();
        session.acknowledge(delivery, false);
        world.pass(10);
        assertThat(world.server.contents(QUEUE)).hasSize(2);

        world.transport.reading.look();
        world.settle();

        assertThat(world.server.contents(QUEUE)).hasSize(1);
    }

    @Test
    void shouldSendAnAcknowledgementAtOnceOfWhatTookItsTime() throws Exception {
        Delivery delivery = delivery();
        world.pass(10);
        carried.mark();

        session.acknowledge(delivery, false);

        assertThat(carried.woken()).isEqualTo(1);
        world.settle();
        assertThat(world.server.frames(ClientFrame.Acknowledge.class)).hasSize(1);
    }

    @Test
    void shouldSendAForcedAcknowledgementAtOnce() throws Exception {
        Delivery delivery = delivery();
        carried.mark();

        session.acknowledge(delivery, true);

        assertThat(carried.woken()).isZero();
        world.settle();
        assertThat(world.server.frames(ClientFrame.Acknowledge.class)).hasSize(1);
    }

    @Test
    void shouldCarryATransactionOfOneInOneWrite() throws Exception {
        Delivery delivery = delivery();
        carried.mark();
        session.send(RESULTS, delivery.envelope(), true, true);
        assertThat(carried.flushes()).isZero();
        Pending committed = session.commit();

        assertThat(carried.woken()).isZero();
        assertThat(carried.flushes()).isEqualTo(1);
        committed.await();
        assertThat(Messages.texts(world.server.contents(RESULTS))).containsExactly("1");
        assertThat(world.server.contents(QUEUE)).isEmpty();
    }

    @Test
    void shouldNotKeepMuchOfATransaction() throws Exception {
        carried.mark();
        for (int number = 0; number < 7; number++) {
            session.send(QUEUE, Messages.persistent("" + number), true, true);
        }
        assertThat(carried.woken()).isZero();
        session.send(QUEUE, Messages.persistent("7"), true, true);

        assertThat(carried.woken()).isEqualTo(1);
        world.settle();
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(8);
    }

    @Test
    void shouldSendAPartOfATransactionWhoseOutcomeIsAskedFor() throws Exception {
        List<String> told = new ArrayList<>();
        session.send(QUEUE, Messages.persistent("1"), true, true).whenDone((value, failure) -> told.add("callback"));
        session.send(QUEUE, Messages.persistent("2"), true, true).await();
        world.settle();

        assertThat(told).containsExactly("callback");
    }

    @Test
    void shouldSendAgainWhatWasCarriedHereAndGotLost() throws Exception {
        world.server.autoTake = false;
        Pending sent = session.send(QUEUE, Messages.persistent("1"), false, true);
        assertThat(world.transport.doneHere).isEqualTo(1);
        world.transport.link.breakDown();
        world.server.autoTake = true;

        sent.await();
        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("1");
    }
}
